package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.LeaseQueries;
import dev.weft.router.app.LeaseQueries.HeldLease;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.task.WorkerId;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What a worker may have for the work it holds. */
public final class LeaseGrpcService extends LeaseServiceImplBase {

  private final LeaseQueries leases;

  public LeaseGrpcService(LeaseQueries leases) {
    this.leases = leases;
  }

  @Override
  public void checkLease(CheckLeaseRequest request, StreamObserver<CheckLeaseResponse> observer) {
    WorkerId worker = WireQueries.worker(request.getWorkerId());
    AttemptKey key = WireQueries.lease(request.getLease());
    Answers.ignoreCancel(observer);
    CompletionStage<Optional<CheckLeaseResponse>> answer =
        request.getLogOnly()
            ? leases.logTenant(worker, key).thenApply(it -> it.map(LeaseGrpcService::ofLog))
            : leases.held(worker, key).thenApply(it -> it.map(LeaseGrpcService::response));
    answer
        .thenApply(held -> held.orElseThrow(() -> notHeld(request)))
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                observer.onError(Denials.status(failure));
              } else {
                observer.onNext(response);
                observer.onCompleted();
              }
            });
  }

  private static CheckLeaseResponse ofLog(String tenant) {
    return CheckLeaseResponse.newBuilder().setTenant(tenant).build();
  }

  private static CheckLeaseResponse response(HeldLease held) {
    TaskSpec spec = TaskProtoMapper.spec(held.spec());
    CheckLeaseResponse.Builder response = CheckLeaseResponse.newBuilder().setTenant(held.tenant());
    if (!spec.getWorkspaceArtifact().isEmpty()) {
      response.addArtifactIds(spec.getWorkspaceArtifact());
    }
    spec.getSecretsList().stream()
        .map(text -> SecretRef.parse(text).secret())
        .distinct()
        .forEach(response::addSecretNames);
    return response.build();
  }

  private static MeshException notHeld(CheckLeaseRequest request) {
    String task = request.getLease().getTaskId();
    return new MeshException(
            RouterReason.LEASE_NOT_HELD,
            "lease of %s: not held by %s".formatted(task, request.getWorkerId()))
        .with("taskId", task)
        .with("workerId", request.getWorkerId());
  }
}
