package dev.weft.worker.grpc;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.app.HostLoad;
import dev.weft.worker.app.WorkDesk;
import dev.weft.worker.app.WorkView;
import dev.weft.worker.app.probe.Probing;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.grpc.StreamKeeper.Addresses;
import dev.weft.worker.grpc.StreamKeeper.Means;
import dev.weft.worker.join.Endpoints;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Both streams of a worker, kept to whoever holds the roles. */
public final class MeshStreams implements AutoCloseable {

  /**
   * How streams are dialled.
   *
   * @param channels opens a channel to an address in a role
   * @param askAgain the known addresses don't answer; must not block
   */
  public record Dialling(
      Supplier<Endpoints> endpoints,
      BiFunction<String, String, ManagedChannel> channels,
      ScheduledExecutorService timer,
      RandomGenerator random,
      Runnable askAgain) {}

  /** Who dials. */
  public record Self(String workerId, long incarnation, WorkerProfile profile, Ticker ticker) {}

  /**
   * What the streams carry.
   *
   * @param loop the desk's
   * @param onShutDown the registry wants the worker to end when it is drained
   */
  public record Cargo(
      WorkDesk desk,
      Executor loop,
      Supplier<WorkView> view,
      Supplier<HostLoad> host,
      Probing probing,
      Runnable onShutDown) {}

  private final StreamKeeper work;
  private final StreamKeeper heartbeat;

  public MeshStreams(Dialling dialling, Self self, Cargo cargo) {
    WorkLink.Side workSide =
        new WorkLink.Side(self.workerId(), self.incarnation(), cargo.desk(), cargo.loop());
    HeartbeatLink.Side beatSide =
        new HeartbeatLink.Side(
            self,
            cargo.view(),
            cargo.host(),
            cargo.probing(),
            dialling.timer(),
            cargo.onShutDown());
    work =
        new StreamKeeper(
            "work",
            means(dialling, "router", Endpoints::work),
            (channel, keeper) -> WorkLink.open(channel, keeper, workSide));
    heartbeat =
        new StreamKeeper(
            "heartbeat",
            means(dialling, "registry", Endpoints::heartbeat),
            (channel, keeper) -> HeartbeatLink.open(channel, keeper, beatSide));
  }

  private static Means means(
      Dialling dialling, String role, Function<Endpoints, List<String>> addresses) {
    return new Means(
        () -> {
          Endpoints endpoints = dialling.endpoints().get();
          return new Addresses(addresses.apply(endpoints), !endpoints.throughDoor());
        },
        address -> dialling.channels().apply(address, role),
        dialling.timer(),
        dialling.random(),
        dialling.askAgain());
  }

  public void start() {
    heartbeat.start();
    work.start();
  }

  @Override
  public void close() {
    work.close();
    heartbeat.close();
  }
}
