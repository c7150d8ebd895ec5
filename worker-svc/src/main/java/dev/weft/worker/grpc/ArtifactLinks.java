package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.ArtifactStore;
import dev.weft.worker.app.OutputLogs;
import dev.weft.worker.app.SecretVault;
import dev.weft.worker.app.probe.SharedService;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.output.OutputBacklog;
import dev.weft.worker.domain.output.OutputBudget;
import dev.weft.worker.grpc.MeshStreams.Dialling;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The calls that go beside a worker's streams: its artifacts, its output logs, its secrets. */
public final class ArtifactLinks implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SECRET_PATIENCE = Duration.ofSeconds(30);

  /**
   * How much of output waits here until it is sealed.
   *
   * @param total of all attempts together
   * @param each of one attempt
   * @param logged the longest log
   * @param linger how long an ended attempt's output waits for a replica
   */
  public record OutputRoom(long total, long each, long logged, Duration linger) {}

  private final ReplicaLines artifacts;
  private final ReplicaLines gateways;
  private final ArtifactStore store;
  private final SecretVault vault;
  private final GrpcOutputLogs logs;
  private final List<SharedService> services;

  public ArtifactLinks(Dialling dialling, Ticker ticker, OutputRoom room) {
    artifacts =
        new ReplicaLines(
            () -> dialling.endpoints().get().artifact(),
            address -> dialling.channels().apply(address, "artifact"),
            dialling.random());
    gateways =
        new ReplicaLines(
            () -> dialling.endpoints().get().gateway(),
            address -> dialling.channels().apply(address, "gateway"),
            dialling.random());
    store =
        new GrpcArtifactStore(
            calls(artifacts, PATIENCE, FailureReason.ARTIFACTS_UNAVAILABLE, dialling, ticker));
    vault =
        new GrpcSecretVault(
            calls(gateways, SECRET_PATIENCE, FailureReason.SECRETS_UNAVAILABLE, dialling, ticker));
    logs =
        new GrpcOutputLogs(
            new OutputUplink.Shared(
                artifacts,
                dialling.timer(),
                ticker,
                dialling.random(),
                dialling.askAgain(),
                room.linger()),
            new GrpcOutputLogs.Room(
                new OutputBudget(room.total()),
                new OutputBacklog.Bounds(room.each(), room.logged())));
    services =
        List.of(
            new ReplicatedService("artifact", artifacts, dialling.askAgain()),
            new ReplicatedService("gateway", gateways, dialling.askAgain()));
  }

  private static ReplicaCalls calls(
      ReplicaLines lines,
      Duration patience,
      FailureReason unavailable,
      Dialling dialling,
      Ticker ticker) {
    return new ReplicaCalls(
        lines,
        new ReplicaCalls.Hope(patience, unavailable, dialling.askAgain()),
        ticker,
        dialling.random());
  }

  public ArtifactStore store() {
    return store;
  }

  public SecretVault vault() {
    return vault;
  }

  public OutputLogs logs() {
    return logs;
  }

  /** The services behind all that, for those who ask how they are. */
  public List<SharedService> services() {
    return services;
  }

  /** Done when no output waits here. */
  public CompletableFuture<Void> outputSealed() {
    return logs.idle();
  }

  @Override
  public void close() {
    logs.close();
    artifacts.close();
    gateways.close();
  }
}
