package dev.weft.scaler.grpc;

import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.scaler.app.FleetView;
import dev.weft.scaler.domain.plan.FleetSight;
import dev.weft.scaler.domain.plan.WorkerSeen;
import dev.weft.scaler.domain.plan.WorkerSeen.Standing;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/** The registry's workers, by a stream of it. */
public final class FleetFollower implements FleetView, AutoCloseable {

  /** The registry says something every 5 s. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Duration CURRENT = Duration.ofSeconds(8);

  private final Ticker ticker;
  private final HolderStream<FollowWorkersRequest, FollowWorkersResponse> stream;
  private final Map<String, Known> known = new HashMap<>();
  private final Set<String> inSnapshot = new HashSet<>();
  private boolean snapshot;
  private boolean complete;

  private record Known(Worker worker, Standing standing, long since) {}

  public FleetFollower(HolderClient registry, ScheduledExecutorService timer, Ticker ticker) {
    this.ticker = ticker;
    this.stream =
        new HolderStream<>(
            registry,
            (channel, observer) ->
                FleetServiceGrpc.newStub(channel)
                    .followWorkers(FollowWorkersRequest.getDefaultInstance(), observer),
            new Steps(),
            timer,
            ticker);
  }

  public void start() {
    stream.start(SILENCE);
  }

  @Override
  public void close() {
    stream.close();
  }

  @Override
  public FleetSight look() {
    boolean heard = stream.quiet().compareTo(CURRENT) <= 0;
    synchronized (known) {
      Map<String, WorkerSeen> byName = new HashMap<>();
      Map<String, Known> best = new HashMap<>();
      for (Known one : known.values()) {
        best.merge(one.worker().getProfile().getName(), one, FleetFollower::better);
      }
      best.forEach((name, one) -> byName.put(name, seen(one)));
      return new FleetSight(heard && complete, byName);
    }
  }

  /** Of two workers of a name at most one is connected. */
  private static Known better(Known a, Known b) {
    boolean offline = a.standing() == Standing.OFFLINE;
    if (offline != (b.standing() == Standing.OFFLINE)) {
      return offline ? b : a;
    }
    return a.worker().getRevision() >= b.worker().getRevision() ? a : b;
  }

  private WorkerSeen seen(Known one) {
    return new WorkerSeen(
        one.worker().getId(),
        one.standing(),
        Duration.ofNanos(ticker.nanos() - one.since()),
        one.worker().getLoad().getRunningTaskIdsCount());
  }

  private void show(Worker worker) {
    Standing standing = standing(worker.getState());
    Known before = known.get(worker.getId());
    long since = before == null || before.standing() != standing ? ticker.nanos() : before.since();
    known.put(worker.getId(), new Known(worker, standing, since));
    if (snapshot) {
      inSnapshot.add(worker.getId());
    }
  }

  private static Standing standing(WorkerState state) {
    return switch (state) {
      case WORKER_STATE_READY -> Standing.READY;
      case WORKER_STATE_UNHEALTHY -> Standing.UNHEALTHY;
      case WORKER_STATE_DRAINING -> Standing.DRAINING;
      case WORKER_STATE_DRAINED -> Standing.DRAINED;
      case WORKER_STATE_OFFLINE, WORKER_STATE_UNSPECIFIED, UNRECOGNIZED -> Standing.OFFLINE;
    };
  }

  private final class Steps implements HolderStream.Listener<FollowWorkersResponse> {

    @Override
    public void opened() {
      synchronized (known) {
        snapshot = true;
        inSnapshot.clear();
      }
    }

    @Override
    public void told(FollowWorkersResponse step) {
      synchronized (known) {
        switch (step.getStepCase()) {
          case WORKER -> show(step.getWorker());
          case REMOVED -> known.remove(step.getRemoved().getWorkerId());
          case SNAPSHOT_END -> {
            known.keySet().retainAll(inSnapshot);
            snapshot = false;
            complete = true;
          }
          case HEARTBEAT, STEP_NOT_SET -> {}
        }
      }
    }

    @Override
    public void ended() {
      synchronized (known) {
        complete = false;
      }
    }
  }
}
