package dev.weft.worker.grpc;

import dev.weft.worker.app.OutputLogs;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.output.OutputBacklog;
import dev.weft.worker.domain.output.OutputBudget;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Logs at the artifact service, each carried by an uplink of its own until it is closed. */
final class GrpcOutputLogs implements OutputLogs, AutoCloseable {

  private static final long TICK_MILLIS = 200;

  /** How much output may wait here. */
  record Room(OutputBudget budget, OutputBacklog.Bounds bounds) {}

  private final OutputUplink.Shared shared;
  private final Room room;
  private final Set<OutputUplink> open = ConcurrentHashMap.newKeySet();
  private final ScheduledFuture<?> ticking;
  private volatile CompletableFuture<Void> idle = new CompletableFuture<>();

  GrpcOutputLogs(OutputUplink.Shared shared, Room room) {
    this.shared = shared;
    this.room = room;
    this.ticking =
        shared
            .timer()
            .scheduleWithFixedDelay(
                () -> open.forEach(OutputUplink::tick),
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public boolean available() {
    return shared.lines().anyKnown();
  }

  @Override
  public OutputBacklog open(AttemptKey key) {
    OutputBacklog backlog = new OutputBacklog(room.budget(), room.bounds());
    OutputUplink[] self = new OutputUplink[1];
    OutputUplink uplink = new OutputUplink(shared, key, backlog, () -> closed(self[0]));
    self[0] = uplink;
    open.add(uplink);
    uplink.start();
    return backlog;
  }

  private void closed(OutputUplink uplink) {
    open.remove(uplink);
    if (open.isEmpty()) {
      CompletableFuture<Void> waiting = idle;
      idle = new CompletableFuture<>();
      waiting.complete(null);
    }
  }

  /** Done when no log is open; for a worker that stops and opens none any more. */
  CompletableFuture<Void> idle() {
    CompletableFuture<Void> waiting = idle;
    if (open.isEmpty()) {
      waiting.complete(null);
    }
    return waiting;
  }

  @Override
  public void close() {
    ticking.cancel(false);
    open.forEach(OutputUplink::close);
  }
}
