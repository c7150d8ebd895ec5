package dev.weft.platform.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.BindableService;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * For methods whose messages are mostly bytes: the bytes of a message that was received are a part
 * of what was read from the connection, not a copy of it. Whoever keeps a small part of such a
 * message keeps all of it in memory, so it is for those who soon let go of it.
 */
public final class UncopiedBytes {

  private UncopiedBytes() {}

  /**
   * The service with such requests.
   *
   * @param methods their bare names
   */
  public static BindableService requests(BindableService service, String... methods) {
    return RetypedService.of(service, UncopiedBytes::request, methods);
  }

  /** A client's method with such responses. */
  public static <A, B> MethodDescriptor<A, B> responses(MethodDescriptor<A, B> method) {
    return method.toBuilder(method.getRequestMarshaller(), kept(method.getResponseMarshaller()))
        .build();
  }

  private static <A, B> ServerMethodDefinition<A, B> request(ServerMethodDefinition<A, B> method) {
    MethodDescriptor<A, B> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                kept(descriptor.getRequestMarshaller()), descriptor.getResponseMarshaller())
            .build(),
        method.getServerCallHandler());
  }

  private static <T> Marshaller<T> kept(Marshaller<T> marshaller) {
    if (marshaller instanceof PrototypeMarshaller<T> known
        && known.getMessagePrototype() instanceof MessageLite prototype) {
      return new Kept<>(known, prototype);
    }
    throw new IllegalArgumentException("marshaller: " + marshaller + " (expected: of protobuf)");
  }

  private static byte[] bytes(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
    byte[] bytes = new byte[stream.available()];
    int length = stream.readNBytes(bytes, 0, bytes.length);
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private record Kept<T>(PrototypeMarshaller<T> marshaller, MessageLite prototype)
      implements PrototypeMarshaller<T> {

    @Override
    public T getMessagePrototype() {
      return Objects.requireNonNull(marshaller.getMessagePrototype());
    }

    @Override
    public Class<T> getMessageClass() {
      return marshaller.getMessageClass();
    }

    @Override
    public InputStream stream(T value) {
      return marshaller.stream(value);
    }

    @Override
    public T parse(InputStream stream) {
      try {
        // Nobody else has the array, so that it is as good as the immutable bytes made of it.
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes(stream)).newCodedInput();
        in.enableAliasing(true);
        MessageLite message = prototype.getParserForType().parseFrom(in);
        in.checkLastTagWas(0);
        return marshaller.getMessageClass().cast(message);
      } catch (InvalidProtocolBufferException e) {
        throw Status.INTERNAL
            .withDescription("Invalid protobuf byte sequence")
            .withCause(e)
            .asRuntimeException();
      } catch (IOException e) {
        throw Status.INTERNAL.withCause(e).asRuntimeException();
      }
    }
  }
}
