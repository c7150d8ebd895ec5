package dev.weft.registry.grpc;

import dev.weft.proto.workers.v1.ActivityStatus;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.proto.workers.v1.WorkerState;
import dev.weft.proto.workers.v1.WorkerStatistics;
import dev.weft.registry.domain.fleet.WorkerId;
import dev.weft.registry.domain.fleet.WorkerView;
import dev.weft.registry.domain.report.LifetimeStatistics;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Draining;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Views as the wire has them. Every watcher is shown the same views, so each is written once; the
 * profile, its largest part, only when it changes.
 */
final class WorkerWriter {

  private final Map<WorkerId, Written> written = new ConcurrentHashMap<>();
  private final int most;

  private record Written(WorkerView view, WorkerProfile profile, Worker worker) {}

  /**
   * @param most how many workers there can be; when more stand here, some were forgotten, and all
   *     are written anew
   */
  WorkerWriter(int most) {
    this.most = most;
  }

  Worker write(WorkerView view) {
    Written before = written.get(view.id());
    if (before != null && before.view().revision() == view.revision()) {
      return before.worker();
    }
    if (written.size() > most) {
      written.clear();
    }
    WorkerProfile profile =
        before != null && before.view().profile().equals(view.profile())
            ? before.profile()
            : ProfileWriter.write(view.profile());
    Worker worker = worker(view, profile);
    written.put(view.id(), new Written(view, profile, worker));
    return worker;
  }

  private static Worker worker(WorkerView view, WorkerProfile profile) {
    return Worker.newBuilder()
        .setId(view.id().text())
        .setProfile(measured(profile, view.live().latency()))
        .setLoad(load(view.live().load()))
        .setStatistics(statistics(view.live().statistics()))
        .setState(state(view))
        .setStateReason(view.state().reason())
        .setRevision(view.revision())
        .setRegisterTime(ProtoValues.toProto(view.registered()))
        .setLastHeartbeatTime(ProtoValues.toProto(view.live().lastSeen()))
        .build();
  }

  private static WorkerProfile measured(WorkerProfile profile, Duration latency) {
    com.google.protobuf.Duration measured = ProtoValues.toProto(latency);
    if (profile.getLocation().getLatency().equals(measured)) {
      return profile;
    }
    return profile.toBuilder()
        .setLocation(profile.getLocation().toBuilder().setLatency(measured))
        .build();
  }

  private static WorkerState state(WorkerView view) {
    return switch (view.state()) {
      case Ready ignored -> WorkerState.WORKER_STATE_READY;
      case Unhealthy ignored -> WorkerState.WORKER_STATE_UNHEALTHY;
      case Draining ignored -> WorkerState.WORKER_STATE_DRAINING;
      case Drained ignored -> WorkerState.WORKER_STATE_DRAINED;
      case Offline ignored -> WorkerState.WORKER_STATE_OFFLINE;
    };
  }

  private static WorkerLoad load(dev.weft.registry.domain.report.WorkerLoad load) {
    return WorkerLoad.newBuilder()
        .setStatus(
            switch (load.status()) {
              case IDLE -> ActivityStatus.ACTIVITY_STATUS_IDLE;
              case EXECUTING -> ActivityStatus.ACTIVITY_STATUS_EXECUTING;
              case FAILED -> ActivityStatus.ACTIVITY_STATUS_FAILED;
            })
        .setSlotsTotal((int) load.slotsTotal())
        .setSlotsUsed((int) load.slotsUsed())
        .setCpu(load.usage().cpu())
        .setMemory(load.usage().memory())
        .setDisk(load.usage().disk())
        .addAllRunningTaskIds(load.runningTaskIds())
        .build();
  }

  private static WorkerStatistics statistics(LifetimeStatistics statistics) {
    return WorkerStatistics.newBuilder()
        .setSucceeded(statistics.succeeded())
        .setFailed(statistics.failed())
        .setSuccessRate(statistics.successRate())
        .setMeanDuration(ProtoValues.toProto(statistics.meanDuration()))
        .setMeanCostMicros(statistics.meanCostMicros())
        .build();
  }
}
