package dev.weft.router.process;

import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc.FleetServiceImplBase;
import dev.weft.proto.internal.fleet.v1.FleetSnapshotEnd;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.proto.workers.v1.Capability;
import dev.weft.proto.workers.v1.Location;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.proto.workers.v1.WorkerState;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** A registry that knows some ready workers and never changes its mind. */
final class FleetStandIn extends FleetServiceImplBase {

  private final List<String> workers;

  FleetStandIn(List<String> workers) {
    this.workers = workers;
  }

  @Override
  public void followWorkers(
      FollowWorkersRequest request, StreamObserver<FollowWorkersResponse> observer) {
    for (int i = 0; i < workers.size(); i++) {
      observer.onNext(
          FollowWorkersResponse.newBuilder().setWorker(worker(workers.get(i), i + 1)).build());
    }
    observer.onNext(
        FollowWorkersResponse.newBuilder()
            .setSnapshotEnd(FleetSnapshotEnd.newBuilder().setRevision(workers.size()).setEpoch(1))
            .build());
  }

  private static Worker worker(String id, int revision) {
    return Worker.newBuilder()
        .setId(id)
        .setRevision(revision)
        .setState(WorkerState.WORKER_STATE_READY)
        .setProfile(
            WorkerProfile.newBuilder()
                .setName("worker-" + revision)
                .setKind("sandbox")
                .addExecutors("noop")
                .setSandboxLevel(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP)
                .setLocation(Location.newBuilder().setRegion("eu"))
                .addCapabilities(
                    Capability.newBuilder().setName("SHELL_OPERATIONS").setProficiency(0.5)))
        .build();
  }
}
