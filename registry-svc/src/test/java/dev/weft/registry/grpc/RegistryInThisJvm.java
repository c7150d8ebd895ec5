package dev.weft.registry.grpc;

import dev.weft.platform.grpc.MeshServer;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.registry.app.FakeHolding;
import dev.weft.registry.app.FleetKeeper;
import dev.weft.registry.app.FleetWatchers;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.testing.TestMesh;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The doors behind a real mesh port, with the clock in the test's hand and no storage. */
final class RegistryInThisJvm implements AutoCloseable {

  final SettableTicker ticker = new SettableTicker();
  final FakeHolding holding = new FakeHolding();
  final FleetKeeper keeper =
      new FleetKeeper(FleetFixture.rules(), holding, new SettableClock(FleetFixture.START), ticker);
  final Queue<Runnable> delayed = new ConcurrentLinkedQueue<>();
  final TestMesh mesh = new TestMesh();
  final HeartbeatGrpcService heartbeats =
      new HeartbeatGrpcService(
          keeper,
          new HeartbeatSettings(FleetFixture.rules().health(), Duration.ofSeconds(5)),
          ticker,
          this::later);
  final FleetWatchers watchers;
  private final ExecutorService telling =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private final MeshServer server;
  private volatile boolean held;

  RegistryInThisJvm() {
    watchers =
        new FleetWatchers(
            keeper,
            telling,
            ticker,
            new FleetWatchers.Manners(Duration.ofSeconds(5), Duration.ofSeconds(10), 8));
    keeper.begin(1, List.of());
    server =
        MeshServer.builder(mesh.identity("registry", "r1"))
            .service(MeshService.of(heartbeats, "worker"))
            .service(
                MeshService.of(new FleetGrpcService(keeper, watchers, 1_000), "router", "gateway"))
            .directExecutor()
            .start("127.0.0.1", 0);
  }

  /** From now on time stands still for those who are told to wait. */
  void holdTime() {
    held = true;
  }

  private void later(Runnable action, Duration delay) {
    if (held) {
      delayed.add(action);
    } else {
      action.run();
    }
  }

  /** Lets those go on who were told to wait, and those whom that makes wait again. */
  void passTime() {
    for (Runnable action = delayed.poll(); action != null; action = delayed.poll()) {
      action.run();
    }
  }

  Channel as(String role, String node) {
    return mesh.dial(server.port(), role, node);
  }

  @Override
  public void close() {
    telling.shutdownNow();
    mesh.close();
    server.stopNow();
  }
}
