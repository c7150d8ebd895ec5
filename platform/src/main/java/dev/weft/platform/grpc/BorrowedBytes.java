package dev.weft.platform.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.BindableService;
import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * For streams of many bytes: those of each message are the buffers that the connection was read
 * into, neither copied nor on the heap. A service must be done with a request when it returns from
 * it; a client closes each response itself. A method of one request only is given it too late for
 * that, at the request's end.
 */
public final class BorrowedBytes {

  private BorrowedBytes() {}

  /**
   * The service with such requests.
   *
   * @param methods their bare names
   */
  public static BindableService requests(BindableService service, String... methods) {
    return RetypedService.of(service, BorrowedBytes::borrowing, methods);
  }

  /** A client's method with such responses. */
  public static <A, B> MethodDescriptor<A, Lent<B>> responses(MethodDescriptor<A, B> method) {
    Protobuf<B> known = Protobuf.of(method.getResponseMarshaller());
    return method.toBuilder(method.getRequestMarshaller(), new Responses<>(known)).build();
  }

  private static <A, B> ServerMethodDefinition<InputStream, B> borrowing(
      ServerMethodDefinition<A, B> method) {
    MethodDescriptor<A, B> descriptor = method.getMethodDescriptor();
    if (descriptor.getType().clientSendsOneMessage()) {
      throw new IllegalArgumentException(
          "method: " + descriptor.getFullMethodName() + " (expected: a stream of requests)");
    }
    Protobuf<A> known = Protobuf.of(descriptor.getRequestMarshaller());
    ServerCallHandler<A, B> handler = method.getServerCallHandler();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(new Detaching(), descriptor.getResponseMarshaller()).build(),
        (call, headers) ->
            new Lending<>(handler.startCall(new RetypedCall<>(call, descriptor), headers), known));
  }

  private static InputStream detached(InputStream stream) {
    return stream instanceof Detachable whole ? whole.detach() : stream;
  }

  /** The stream stands where it stood before, since it is what holds the buffers. */
  private static MessageLite parse(InputStream stream, MessageLite prototype) {
    try {
      CodedInputStream in = bytes(stream).newCodedInput();
      in.enableAliasing(true);
      MessageLite message = prototype.getParserForType().parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw Status.INTERNAL
          .withDescription("Invalid protobuf byte sequence")
          .withCause(e)
          .asRuntimeException();
    } catch (IOException e) {
      throw Status.INTERNAL.withCause(e).asRuntimeException();
    }
  }

  private static ByteString bytes(InputStream stream) throws IOException {
    if (!(stream instanceof HasByteBuffer has) || !has.byteBufferSupported()) {
      return UnsafeByteOperations.unsafeWrap(stream.readAllBytes());
    }
    // What has been read is then kept until the stream is closed.
    stream.mark(stream.available());
    List<ByteString> pieces = new ArrayList<>();
    while (stream.available() > 0) {
      ByteBuffer piece = has.getByteBuffer();
      if (piece == null || !piece.hasRemaining()) {
        throw new EOFException(stream.available() + " bytes that are nowhere");
      }
      pieces.add(UnsafeByteOperations.unsafeWrap(piece));
      stream.skipNBytes(piece.remaining());
    }
    return ByteString.copyFrom(pieces);
  }

  /** Takes the bytes over from the connection. */
  private record Detaching() implements Marshaller<InputStream> {

    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return detached(stream);
    }
  }

  /** Lends each message out with the bytes that it took over from the connection. */
  private record Responses<B>(Protobuf<B> known) implements Marshaller<Lent<B>> {

    @Override
    public InputStream stream(Lent<B> value) {
      return known.marshaller().stream(value.message());
    }

    @Override
    public Lent<B> parse(InputStream stream) {
      InputStream whole = detached(stream);
      Lent<InputStream> taken = new Lent<>(whole, whole);
      try {
        return taken.as(known::read);
      } catch (RuntimeException e) {
        taken.close();
        throw e;
      }
    }
  }

  /** A kind of message. */
  private record Protobuf<A>(PrototypeMarshaller<A> marshaller, MessageLite prototype) {

    static <A> Protobuf<A> of(Marshaller<A> marshaller) {
      if (marshaller instanceof PrototypeMarshaller<A> known
          && known.getMessagePrototype() instanceof MessageLite prototype) {
        return new Protobuf<>(known, prototype);
      }
      throw new IllegalArgumentException("marshaller: " + marshaller + " (expected: of protobuf)");
    }

    A read(InputStream stream) {
      return marshaller.getMessageClass().cast(parse(stream, prototype));
    }
  }

  private static final class Lending<A> extends ServerCall.Listener<InputStream> {

    private final ServerCall.Listener<A> handler;
    private final Protobuf<A> known;

    Lending(ServerCall.Listener<A> handler, Protobuf<A> known) {
      this.handler = handler;
      this.known = known;
    }

    @Override
    public void onMessage(InputStream stream) {
      try (stream) {
        handler.onMessage(known.read(stream));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void onHalfClose() {
      handler.onHalfClose();
    }

    @Override
    public void onCancel() {
      handler.onCancel();
    }

    @Override
    public void onComplete() {
      handler.onComplete();
    }

    @Override
    public void onReady() {
      handler.onReady();
    }
  }
}
