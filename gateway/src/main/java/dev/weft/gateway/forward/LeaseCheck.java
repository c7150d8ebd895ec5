package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc;
import dev.weft.proto.internal.work.v1.AttemptKey;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the placer what a worker may have. */
public final class LeaseCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final Holder cell;

  public LeaseCheck(Holder cell) {
    this.cell = cell;
  }

  /** What the lease entitles to; fails with LEASE_NOT_HELD. */
  public CompletionStage<CheckLeaseResponse> of(String workerId, AttemptKey lease) {
    CheckLeaseRequest request =
        CheckLeaseRequest.newBuilder().setWorkerId(workerId).setLease(lease).build();
    return cell.call(
            channel -> LeaseServiceGrpc.newFutureStub(channel).checkLease(request), PATIENCE)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(seen(failure, workerId, lease)));
  }

  private static RuntimeException seen(Throwable failure, String workerId, AttemptKey lease) {
    MeshProblem problem = StatusMapper.fromStatus(failure);
    if (problem.is(GatewayReason.LEASE_NOT_HELD)) {
      return new MeshException(
              GatewayReason.LEASE_NOT_HELD,
              "lease: of " + lease.getTaskId() + ", not held (expected: one that the worker holds)")
          .with("taskId", lease.getTaskId())
          .with("workerId", workerId);
    }
    return Upstream.visible(failure, GatewayReason.CELL_UNAVAILABLE);
  }
}
