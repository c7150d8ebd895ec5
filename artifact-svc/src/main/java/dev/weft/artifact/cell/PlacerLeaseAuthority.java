package dev.weft.artifact.cell;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc;
import dev.weft.proto.internal.work.v1.AttemptKey;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Asks the placer, wherever it is. */
public final class PlacerLeaseAuthority implements LeaseAuthority {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final HolderClient placer;

  public PlacerLeaseAuthority(HolderClient placer) {
    this.placer = placer;
  }

  @Override
  public LeaseRights check(String workerId, LeaseKey lease) {
    CheckLeaseResponse answer = ask(request(workerId, lease).build(), lease);
    return new LeaseRights(
        answer.getTenant(), lease.taskId(), Set.copyOf(answer.getArtifactIdsList()));
  }

  @Override
  public String logTenant(String workerId, LeaseKey lease) {
    return ask(request(workerId, lease).setLogOnly(true).build(), lease).getTenant();
  }

  private static CheckLeaseRequest.Builder request(String workerId, LeaseKey lease) {
    return CheckLeaseRequest.newBuilder()
        .setWorkerId(workerId)
        .setLease(
            AttemptKey.newBuilder()
                .setTaskId(lease.taskId())
                .setAttempt(lease.attempt())
                .setFence(lease.fence()));
  }

  private CheckLeaseResponse ask(CheckLeaseRequest request, LeaseKey lease) {
    try {
      return placer
          .call(channel -> LeaseServiceGrpc.newFutureStub(channel).checkLease(request), PATIENCE)
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      throw refused(e.getCause() == null ? e : e.getCause(), lease);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(e, lease);
    }
  }

  /** Nobody may have anything while nobody can say who may. */
  private static MeshException refused(Throwable failure, LeaseKey lease) {
    MeshProblem problem = StatusMapper.fromStatus(failure);
    if (problem.is(ArtifactReason.LEASE_NOT_HELD)) {
      return new MeshException(
              ArtifactReason.LEASE_NOT_HELD,
              "attempt %d of %s: the worker does not hold its lease"
                  .formatted(lease.attempt(), lease.taskId()))
          .with("taskId", lease.taskId())
          .with("attempt", lease.attempt());
    }
    if (problem.code() == Code.INVALID_ARGUMENT) {
      return MeshException.invalidField("lease", lease.taskId(), "an attempt of this mesh");
    }
    return new MeshException(
            ArtifactReason.STORE_UNAVAILABLE, "nobody can say who holds the lease", failure)
        .retryAfter(RETRY);
  }
}
