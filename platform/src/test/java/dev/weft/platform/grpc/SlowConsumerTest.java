package dev.weft.platform.grpc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.StreamOutbox.Coalescer;
import dev.weft.platform.grpc.StreamOutbox.Limits;
import dev.weft.platform.security.TestCa;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.CallStreamObserver;
import io.grpc.stub.ServerCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client over real TLS that opens a stream and never reads it. */
@Timeout(60)
class SlowConsumerTest {

  private static final MethodDescriptor<BytesValue, BytesValue> WATCH =
      MethodDescriptor.<BytesValue, BytesValue>newBuilder()
          .setType(MethodType.SERVER_STREAMING)
          .setFullMethodName("weft.test.v1.FloodService/Watch")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();
  private static final int CHUNK = 16 << 10;
  private static final Limits LIMITS = new Limits(64, 1 << 20, 64 << 10);

  /** What left the outbox, which is all that the transport can hold. */
  private final CompletableFuture<Flood> flooded = new CompletableFuture<>();

  private record Flood(int offered, long sent, boolean refused) {}

  @Test
  void aClientThatNeverReadsCostsBoundedMemoryAndLosesItsStream() throws Exception {
    TestCa ca = new TestCa();
    MeshServer server =
        MeshServer.builder(ca.identity("router", "router-0"))
            .service(MeshService.of(flood(), "gateway"))
            .start("127.0.0.1", 0);
    MeshChannels channels = new MeshChannels(ca.identity("gateway", "gateway-0"));
    try {
      ManagedChannel channel = channels.open("127.0.0.1:" + server.port(), "router");
      ClientCall<BytesValue, BytesValue> call = channel.newCall(WATCH, CallOptions.DEFAULT);
      CompletableFuture<Status> ended = new CompletableFuture<>();
      CompletableFuture<Metadata> trailers = new CompletableFuture<>();
      call.start(neverReading(ended, trailers), new Metadata());
      call.request(1);
      call.sendMessage(BytesValue.getDefaultInstance());
      call.halfClose();

      Flood flood = flooded.get(30, SECONDS);

      // 1 MiB of flow-control window, the transport's own 32 KiB and a frame; far from the 160 MB
      // offered.
      assertThat(flood.refused()).isTrue();
      assertThat(flood.sent()).isLessThan(4L << 20);
      call.request(10_000);
      assertThat(ended.get(10, SECONDS).getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(
              StatusMapper.fromStatus(ended.get().asRuntimeException(trailers.get()))
                  .is(MeshReason.SLOW_CONSUMER))
          .isTrue();
    } finally {
      channels.close();
      server.stopNow();
    }
  }

  private BindableService flood() {
    return () ->
        ServerServiceDefinition.builder("weft.test.v1.FloodService")
            .addMethod(
                WATCH,
                ServerCalls.asyncServerStreamingCall(
                    (request, observer) -> {
                      var outbox =
                          new StreamOutbox<>(
                              (CallStreamObserver<BytesValue>) observer, LIMITS, Coalescer.none());
                      Future<?> flooding =
                          CompletableFuture.runAsync(() -> flooded.complete(offerAll(outbox)));
                      assertThat(flooding).isNotNull();
                    }))
            .build();
  }

  private static Flood offerAll(StreamOutbox<BytesValue> outbox) {
    BytesValue chunk = BytesValue.of(ByteString.copyFrom(new byte[CHUNK]));
    for (int i = 0; i < 10_000; i++) {
      long waiting = outbox.waitingBytes();
      if (!outbox.offer(chunk)) {
        return new Flood(i, (long) i * CHUNK - waiting, true);
      }
    }
    return new Flood(10_000, 10_000L * CHUNK, false);
  }

  private static ClientCall.Listener<BytesValue> neverReading(
      CompletableFuture<Status> ended, CompletableFuture<Metadata> trailers) {
    return new ClientCall.Listener<>() {
      @Override
      public void onClose(Status status, Metadata metadata) {
        trailers.complete(metadata);
        ended.complete(status);
      }
    };
  }
}
