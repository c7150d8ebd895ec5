package dev.weft.gateway.forward;

import dev.weft.gateway.app.Later;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import java.time.Duration;

/**
 * Asks the placer and the registry for next to nothing, again and again, so that it is known who
 * holds also while nobody else calls: the worker door relays unread and can't learn it from what it
 * relays.
 */
public final class HolderProbe {

  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final FetchTasksRequest TASKS =
      FetchTasksRequest.newBuilder().setTenant("-").setPageSize(1).build();
  private static final FetchWorkersRequest WORKERS =
      FetchWorkersRequest.newBuilder().setPageSize(1).build();

  private final Holder cell;
  private final Holder registry;
  private final Later later;
  private volatile boolean running;

  public HolderProbe(Holder cell, Holder registry, Later later) {
    this.cell = cell;
    this.registry = registry;
    this.later = later;
  }

  public void start() {
    running = true;
    probe();
  }

  public void stop() {
    running = false;
  }

  private void probe() {
    if (!running) {
      return;
    }
    // What is answered does not matter: the calls follow the holder.
    cell.call(channel -> CellServiceGrpc.newFutureStub(channel).fetchTasks(TASKS), PERIOD)
        .exceptionally(_ -> null);
    registry
        .call(channel -> FleetServiceGrpc.newFutureStub(channel).fetchWorkers(WORKERS), PERIOD)
        .exceptionally(_ -> null);
    later.run(PERIOD, this::probe);
  }
}
