package dev.weft.worker.grpc;

import dev.weft.platform.grpc.MeshChannels;
import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.artifact.v1.AppendOutputRequest;
import dev.weft.proto.internal.artifact.v1.AppendOutputResponse;
import dev.weft.proto.internal.artifact.v1.OutputAck;
import dev.weft.proto.internal.artifact.v1.OutputOpened;
import dev.weft.proto.internal.artifact.v1.OutputServiceGrpc.OutputServiceImplBase;
import dev.weft.worker.join.Endpoints;
import io.grpc.stub.StreamObserver;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** A replica behind real mTLS that counts what it is sent and keeps none of it. */
public final class LoopbackLogs implements AutoCloseable {

  private static final Duration LIFE = Duration.ofHours(1);
  private static final int WINDOW = 4 << 20;
  private static final long MIB = 1L << 20;

  private final CertificateAuthority ca = CertificateAuthority.create("speed", LIFE);
  private final AtomicLong received = new AtomicLong();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final MeshServer server =
      MeshServer.builder(identity("artifact"))
          .service(MeshService.of(new Counting(), "worker"))
          .start("127.0.0.1", 0);
  private final MeshChannels channels = new MeshChannels(identity("worker"));
  private final ArtifactLinks links;

  private LoopbackLogs(ScheduledExecutorService timer) {
    List<String> address = List.of("127.0.0.1:" + server.port());
    links =
        new ArtifactLinks(
            new MeshStreams.Dialling(
                () ->
                    new Endpoints(
                        List.of(), List.of(), List.of(), address, false, Optional.empty()),
                (to, role) -> channels.open(to, role),
                timer,
                RandomGenerator.getDefault(),
                () -> {}),
            Ticker.system(),
            new ArtifactLinks.OutputRoom(32 * MIB, 8 * MIB, 10_000 * MIB, Duration.ofMinutes(1)));
  }

  public static LoopbackLogs open(ScheduledExecutorService timer) {
    return new LoopbackLogs(timer);
  }

  private MeshIdentity identity(String role) {
    KeyPair keys = MeshKeys.generate();
    return new MeshIdentity(
        new MeshCredentials(
            List.of(ca.issue(keys.getPublic(), new MeshSubject(role, role + "-1"), LIFE)),
            keys.getPrivate(),
            List.of(ca.certificate())));
  }

  public ArtifactLinks links() {
    return links;
  }

  public long received() {
    return received.get();
  }

  public void awaitClosed() throws Exception {
    closed.get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    links.close();
    channels.close();
    server.stop(Duration.ofMillis(100));
  }

  private final class Counting extends OutputServiceImplBase {
    @Override
    public StreamObserver<AppendOutputRequest> appendOutput(
        StreamObserver<AppendOutputResponse> down) {
      return new StreamObserver<>() {
        private long last;

        @Override
        public void onNext(AppendOutputRequest request) {
          AppendOutputResponse.Builder answer = AppendOutputResponse.newBuilder();
          if (request.hasOpen()) {
            answer.setOpened(
                OutputOpened.newBuilder().setOwnerEpoch(1).setNextNumber(1).setWindowBytes(WINDOW));
          } else {
            for (var chunk : request.getFrame().getChunksList()) {
              received.addAndGet(chunk.getData().size());
              last = chunk.getNumber();
            }
            answer.setAck(
                OutputAck.newBuilder()
                    .setReceived(last)
                    .setSealed(last)
                    .setClosed(request.getFrame().getEnd()));
          }
          down.onNext(answer.build());
          if (request.getFrame().getEnd()) {
            closed.complete(null);
          }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {}
      };
    }
  }
}
