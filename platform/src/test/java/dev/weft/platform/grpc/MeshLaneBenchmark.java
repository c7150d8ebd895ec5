package dev.weft.platform.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.UnsafeByteOperations;
import com.sun.management.OperatingSystemMXBean;
import dev.weft.platform.security.TestCa;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The processor time that a gigabyte takes between two services, both of them in this process:
 * chunks as large as a file's, which the receiver only counts. Prints and judges nothing.
 */
final class MeshLaneBenchmark {

  private static final int ROUNDS = 8;
  private static final int CHUNK = 256 << 10;
  private static final int CHUNKS = 4_000;
  private static final int AHEAD = 1 << 20;

  private static final MethodDescriptor<BytesValue, BytesValue> METHOD =
      MethodDescriptor.<BytesValue, BytesValue>newBuilder()
          .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
          .setFullMethodName("weft.test/Put")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();

  private MeshLaneBenchmark() {}

  public static void main(String[] args) throws Exception {
    TestCa ca = new TestCa();
    MeshServer server =
        MeshServer.builder(ca.identity("router", "router-0"))
            .service(MeshService.of(BorrowedBytes.requests(counting(), "Put"), "worker"))
            .start(EchoMesh.HOST, 0);
    try (MeshChannels channels = new MeshChannels(ca.identity("worker", "wkr_1"))) {
      ManagedChannel channel = channels.open(EchoMesh.HOST + ":" + server.port(), "router");
      for (int round = 0; round < ROUNDS; round++) {
        carry(channel);
      }
    } finally {
      server.stopNow();
    }
  }

  private static void carry(ManagedChannel channel) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long begun = System.nanoTime();
    Sender sender =
        new Sender(
            channel.newCall(
                METHOD,
                CallOptions.DEFAULT
                    .withOnReadyThreshold(AHEAD)
                    .withExecutor(MoreExecutors.directExecutor())));
    sender.ended.get(1, TimeUnit.MINUTES);
    double gigabytes = (double) CHUNK * CHUNKS / 1e9;
    System.out.printf(
        "%.2f s of CPU a GB, %.0f MB/s%n",
        (system.getProcessCpuTime() - cpu) / 1e9 / gigabytes,
        gigabytes * 1_000 / ((System.nanoTime() - begun) / 1e9));
  }

  private static BindableService counting() {
    return () ->
        ServerServiceDefinition.builder("weft.test")
            .addMethod(METHOD, ServerCalls.asyncClientStreamingCall(Counter::new))
            .build();
  }

  private static final class Counter implements StreamObserver<BytesValue> {

    private final StreamObserver<BytesValue> answer;
    private long bytes;

    Counter(StreamObserver<BytesValue> answer) {
      this.answer = answer;
    }

    @Override
    public void onNext(BytesValue request) {
      bytes += request.getValue().size();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      answer.onNext(BytesValue.of(ByteString.copyFromUtf8(Long.toString(bytes))));
      answer.onCompleted();
    }
  }

  /** Sends as fast as the connection takes it. */
  private static final class Sender extends ClientCall.Listener<BytesValue> {

    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final ClientCall<BytesValue, BytesValue> call;
    private final BytesValue chunk;
    private int left = CHUNKS;

    Sender(ClientCall<BytesValue, BytesValue> call) {
      this.call = call;
      byte[] content = new byte[CHUNK];
      new Random(1).nextBytes(content);
      this.chunk = BytesValue.of(UnsafeByteOperations.unsafeWrap(content));
      call.start(this, new Metadata());
      call.request(2);
    }

    @Override
    public void onReady() {
      while (left > 0 && call.isReady()) {
        call.sendMessage(chunk);
        if (--left == 0) {
          call.halfClose();
        }
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.complete(status);
    }
  }
}
