package dev.weft.gateway.testing;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.fleet.v1.FetchWorkerHealthRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkerHealthResponse;
import dev.weft.proto.internal.fleet.v1.FetchWorkerRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkerResponse;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersResponse;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FleetSnapshotEnd;
import dev.weft.proto.internal.fleet.v1.FollowWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FollowWorkersResponse;
import dev.weft.proto.workers.v1.HealthGrade;
import dev.weft.proto.workers.v1.HealthMetrics;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerHealth;
import dev.weft.proto.workers.v1.WorkerLoad;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.proto.workers.v1.WorkerState;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The registry's side of the mesh, with two workers. */
public final class FakeRegistry extends FleetServiceGrpc.FleetServiceImplBase {

  public final List<Worker> workers =
      new CopyOnWriteArrayList<>(
          List.of(
              worker("wkr_01k0000000000000000000000a", "gpu-tokyo-01", 1),
              worker("wkr_01k0000000000000000000000b", "sandbox-01", 2)));
  public final List<StreamObserver<FollowWorkersResponse>> followers = new CopyOnWriteArrayList<>();

  public static Worker worker(String id, String name, long revision) {
    return Worker.newBuilder()
        .setId(id)
        .setProfile(WorkerProfile.newBuilder().setName(name))
        .setState(WorkerState.WORKER_STATE_READY)
        .setLoad(WorkerLoad.newBuilder().setSlotsUsed(1).addRunningTaskIds("tsk_of_somebody"))
        .setRevision(revision)
        .build();
  }

  @Override
  public void fetchWorkers(
      FetchWorkersRequest request, StreamObserver<FetchWorkersResponse> observer) {
    observer.onNext(FetchWorkersResponse.newBuilder().addAllWorkers(workers).build());
    observer.onCompleted();
  }

  @Override
  public void fetchWorker(
      FetchWorkerRequest request, StreamObserver<FetchWorkerResponse> observer) {
    for (Worker worker : workers) {
      if (worker.getId().equals(request.getWorkerId())
          || worker.getProfile().getName().equals(request.getWorkerId())) {
        observer.onNext(FetchWorkerResponse.newBuilder().setWorker(worker).build());
        observer.onCompleted();
        return;
      }
    }
    observer.onError(unknown(request.getWorkerId()));
  }

  @Override
  public void fetchWorkerHealth(
      FetchWorkerHealthRequest request, StreamObserver<FetchWorkerHealthResponse> observer) {
    for (Worker worker : workers) {
      if (worker.getProfile().getName().equals(request.getWorkerId())) {
        observer.onNext(
            FetchWorkerHealthResponse.newBuilder()
                .setHealth(
                    WorkerHealth.newBuilder()
                        .setStatus("healthy")
                        .setInstanceId(worker.getId())
                        .setGrade(HealthGrade.HEALTH_GRADE_ELIGIBLE)
                        .setMetrics(HealthMetrics.newBuilder().setCpuPercent(45.2))
                        .putServices("shell", "ready"))
                .build());
        observer.onCompleted();
        return;
      }
    }
    observer.onError(unknown(request.getWorkerId()));
  }

  private static StatusRuntimeException unknown(String worker) {
    return StatusMapper.toStatus(
        new MeshException(GatewayReason.WORKER_NOT_FOUND, "worker_id: " + worker)
            .with("worker_id", worker));
  }

  @Override
  public void followWorkers(
      FollowWorkersRequest request, StreamObserver<FollowWorkersResponse> observer) {
    for (Worker worker : workers) {
      if (worker.getRevision() > request.getAfterRevision()) {
        observer.onNext(FollowWorkersResponse.newBuilder().setWorker(worker).build());
      }
    }
    observer.onNext(
        FollowWorkersResponse.newBuilder()
            .setSnapshotEnd(FleetSnapshotEnd.newBuilder().setRevision(2))
            .build());
    followers.add(observer);
  }
}
