package dev.weft.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import dev.weft.platform.security.TestCa;
import dev.weft.platform.testing.SettableClock;
import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BorrowedBytesTest {

  private static final MethodDescriptor<BytesValue, BytesValue> METHOD =
      MethodDescriptor.<BytesValue, BytesValue>newBuilder()
          .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
          .setFullMethodName("weft.test/Put")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();

  private static final int PIECE = 16_384;
  private static final byte[] CONTENT = new byte[100_000];

  static {
    new Random(2).nextBytes(CONTENT);
  }

  private final List<ByteString> heard = new ArrayList<>();

  /** Many at once, so that buffers which are given back too early are another message's soon. */
  @ParameterizedTest
  @EnumSource(TlsEngine.class)
  void whatWasSentIsWhatTheHandlerReads(TlsEngine engine) throws Exception {
    TestCa ca = new TestCa();
    MessageDigest heardAll = MessageDigest.getInstance("SHA-256");
    BindableService service = BorrowedBytes.requests(streaming(heardAll), "Put");
    MeshServer server =
        MeshServer.builder(ca.identity("router", "router-0"))
            .tls(engine)
            .service(MeshService.of(service, "worker"))
            .start(EchoMesh.HOST, 0);
    try (MeshChannels channels =
        new MeshChannels(ca.identity("worker", "wkr_1"), null, List.of(), engine)) {
      ManagedChannel channel = channels.open(EchoMesh.HOST + ":" + server.port(), "router");
      MessageDigest sent = MessageDigest.getInstance("SHA-256");
      CompletableFuture<BytesValue> answer = new CompletableFuture<>();
      StreamObserver<BytesValue> stream =
          ClientCalls.asyncClientStreamingCall(
              channel.newCall(METHOD, CallOptions.DEFAULT), first(answer));
      Random random = new Random(1);
      for (int round = 0; round < 5; round++) {
        for (int size : new int[] {0, 1, 127, 128, 16_384, 100_000, 1 << 20, 5_000_000}) {
          byte[] content = new byte[size];
          random.nextBytes(content);
          sent.update(content);
          stream.onNext(BytesValue.of(ByteString.copyFrom(content)));
        }
      }
      stream.onCompleted();

      assertThat(answer.get(30, TimeUnit.SECONDS).getValue().toByteArray())
          .isEqualTo(sent.digest());
    } finally {
      server.stopNow();
    }
  }

  @Test
  void aMethodOfOneRequestIsRefused() {
    MethodDescriptor<BytesValue, BytesValue> unary =
        METHOD.toBuilder().setType(MethodDescriptor.MethodType.UNARY).build();
    BindableService service =
        () ->
            ServerServiceDefinition.builder("weft.test")
                .addMethod(unary, (_, _) -> new Hearing(_ -> {}))
                .build();

    assertThatThrownBy(() -> BorrowedBytes.requests(service, "Put").bindService())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("method: weft.test/Put (expected: a stream of requests)");
  }

  @Test
  void theBytesAreTheBuffersThemselvesUntilTheHandlerReturns() {
    Buffers buffers = new Buffers(BytesValue.of(ByteString.copyFrom(CONTENT)).toByteArray(), PIECE);

    pass(
        buffers,
        request -> {
          assertThat(buffers.closed).isFalse();
          assertThat(request.getValue().asReadOnlyByteBufferList())
              .hasSize(CONTENT.length / PIECE + 1)
              .allMatch(ByteBuffer::isDirect);
          heard.add(ByteString.copyFrom(request.getValue().toByteArray()));
        });

    assertThat(heard).containsExactly(ByteString.copyFrom(CONTENT));
    assertThat(buffers.closed).isTrue();
  }

  @Test
  void theBuffersAreGivenBackAlsoWhenTheHandlerFails() {
    Buffers buffers = new Buffers(BytesValue.of(ByteString.copyFrom(CONTENT)).toByteArray(), PIECE);

    assertThatThrownBy(
            () ->
                pass(
                    buffers,
                    _ -> {
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");

    assertThat(buffers.closed).isTrue();
  }

  @Test
  void whatIsNoMessageIsRefusedAndGivenBack() {
    byte[] whole = BytesValue.of(ByteString.copyFrom(CONTENT)).toByteArray();
    Buffers cut = new Buffers(Arrays.copyOf(whole, whole.length / 2), PIECE);

    assertThatThrownBy(() -> pass(cut, request -> heard.add(request.getValue())))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("Invalid protobuf");

    assertThat(cut.closed).isTrue();
    assertThat(heard).isEmpty();
  }

  @Test
  void whatComesInNoBuffersIsRead() {
    BytesValue sent = BytesValue.of(ByteString.copyFromUtf8("as ever"));

    pass(new ByteArrayInputStream(sent.toByteArray()), request -> heard.add(request.getValue()));

    assertThat(heard).containsExactly(sent.getValue());
  }

  @Test
  void aResponsesBytesAreTheBuffersUntilItIsClosed() {
    Buffers buffers = new Buffers(BytesValue.of(ByteString.copyFrom(CONTENT)).toByteArray(), PIECE);

    Lent<BytesValue> response = BorrowedBytes.responses(METHOD).parseResponse(buffers);
    Lent<ByteString> bytes = response.as(BytesValue::getValue);

    assertThat(bytes.message().asReadOnlyByteBufferList()).allMatch(ByteBuffer::isDirect);
    assertThat(bytes.message().toByteArray()).isEqualTo(CONTENT);
    assertThat(buffers.closed).isFalse();
    bytes.close();
    assertThat(buffers.closed).isTrue();
  }

  @Test
  void aResponseThatIsNoMessageIsGivenBack() {
    byte[] whole = BytesValue.of(ByteString.copyFrom(CONTENT)).toByteArray();
    Buffers cut = new Buffers(Arrays.copyOf(whole, whole.length / 2), PIECE);

    assertThatThrownBy(() -> BorrowedBytes.responses(METHOD).parseResponse(cut))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("Invalid protobuf");

    assertThat(cut.closed).isTrue();
  }

  @Test
  void whatComesAfterTheCertificatesEndIsGivenBackUnread() {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    PeerInterceptor door = new PeerInterceptor(Map.of("weft.test", Set.of("worker")), clock);
    ServerCall.Listener<InputStream> call =
        door.interceptCall(
            new NoCall(), new Metadata(), (_, _) -> new ServerCall.Listener<InputStream>() {});
    clock.advance(Duration.ofSeconds(1));
    Buffers first = new Buffers(new byte[1], PIECE);
    Buffers second = new Buffers(new byte[1], PIECE);

    call.onMessage(first);
    call.onMessage(second);

    assertThat(first.closed).isTrue();
    assertThat(second.closed).isTrue();
  }

  /** Answers the digest of all that came. */
  private static BindableService streaming(MessageDigest all) {
    return () ->
        ServerServiceDefinition.builder("weft.test")
            .addMethod(
                METHOD,
                ServerCalls.asyncClientStreamingCall(
                    (StreamObserver<BytesValue> answer) ->
                        new StreamObserver<BytesValue>() {
                          @Override
                          public void onNext(BytesValue request) {
                            request.getValue().asReadOnlyByteBufferList().forEach(all::update);
                          }

                          @Override
                          public void onError(Throwable failure) {}

                          @Override
                          public void onCompleted() {
                            answer.onNext(BytesValue.of(ByteString.copyFrom(all.digest())));
                            answer.onCompleted();
                          }
                        }))
            .build();
  }

  private static StreamObserver<BytesValue> first(CompletableFuture<BytesValue> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(BytesValue value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }

  /** One request goes the way that it goes in a server, without one. */
  private static void pass(InputStream stream, Consumer<BytesValue> handler) {
    BindableService service =
        () ->
            ServerServiceDefinition.builder("weft.test")
                .addMethod(METHOD, (_, _) -> new Hearing(handler))
                .build();
    @SuppressWarnings("unchecked") // What it makes of such a method.
    var method =
        (ServerMethodDefinition<InputStream, BytesValue>)
            BorrowedBytes.requests(service, "Put").bindService().getMethod("weft.test/Put");
    method
        .getServerCallHandler()
        .startCall(new NoCall(), new Metadata())
        .onMessage(method.getMethodDescriptor().parseRequest(stream));
  }

  private static final class Hearing extends ServerCall.Listener<BytesValue> {

    private final Consumer<BytesValue> handler;

    Hearing(Consumer<BytesValue> handler) {
      this.handler = handler;
    }

    @Override
    public void onMessage(BytesValue request) {
      handler.accept(request);
    }
  }

  private static final class NoCall extends ServerCall<InputStream, BytesValue> {

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(BytesValue message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Attributes getAttributes() {
      PeerFilter.Verified verified =
          new PeerFilter.Verified(new Peer("worker", "wkr_1"), Instant.EPOCH.plusMillis(1));
      return Attributes.newBuilder().set(PeerFilter.VERIFIED, verified).build();
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // Only its name is asked for.
    public MethodDescriptor<InputStream, BytesValue> getMethodDescriptor() {
      return (MethodDescriptor) METHOD;
    }
  }

  /** A message in direct buffers, as a connection has them. */
  private static final class Buffers extends InputStream
      implements Detachable, HasByteBuffer, KnownLength {

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private int next;
    private boolean closed;

    Buffers(byte[] message, int pieceBytes) {
      for (int at = 0; at < message.length; at += pieceBytes) {
        int length = Math.min(pieceBytes, message.length - at);
        pieces.add(ByteBuffer.allocateDirect(length).put(message, at, length).flip());
      }
    }

    @Override
    public InputStream detach() {
      return this;
    }

    @Override
    public boolean byteBufferSupported() {
      return true;
    }

    @Override
    public @Nullable ByteBuffer getByteBuffer() {
      assertThat(closed).isFalse();
      return next < pieces.size() ? pieces.get(next).duplicate() : null;
    }

    @Override
    public void mark(int limit) {}

    @Override
    public long skip(long bytes) {
      assertThat(bytes).isEqualTo(pieces.get(next).remaining());
      next++;
      return bytes;
    }

    @Override
    public int available() {
      return pieces.stream().skip(next).mapToInt(ByteBuffer::remaining).sum();
    }

    @Override
    public int read() {
      throw new AssertionError("copied");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      throw new AssertionError("copied");
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
