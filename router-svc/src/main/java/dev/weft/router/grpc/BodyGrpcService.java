package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.grpc.Peer;
import dev.weft.proto.internal.agent.v1.BodyServiceGrpc.BodyServiceImplBase;
import dev.weft.proto.internal.agent.v1.FindHomeRequest;
import dev.weft.proto.internal.agent.v1.FindHomeResponse;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.LeaseQueries;
import dev.weft.router.app.LeaseQueries.HeldLease;
import dev.weft.router.app.agent.Agents.Named;
import dev.weft.router.app.agent.Homes;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentState;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.task.WorkerId;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a body may know of its agent. Its worker's certificate and its lease say which one. */
public final class BodyGrpcService extends BodyServiceImplBase {

  private final LeaseQueries leases;
  private final Homes homes;

  public BodyGrpcService(LeaseQueries leases, Homes homes) {
    this.leases = leases;
    this.homes = homes;
  }

  @Override
  public void findHome(FindHomeRequest request, StreamObserver<FindHomeResponse> observer) {
    WorkerId worker = WireQueries.worker(Peer.current().nodeId());
    AttemptKey key = WireQueries.lease(request.getLease());
    Answers.send(
        leases
            .held(worker, key)
            .thenCompose(held -> agent(held, key))
            .thenApply(found -> found.orElseThrow(() -> notHeld(request, WireIds.text(worker)))),
        BodyGrpcService::response,
        observer);
  }

  private CompletionStage<Optional<Agent>> agent(Optional<HeldLease> held, AttemptKey key) {
    if (held.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    TaskSpec spec = TaskProtoMapper.spec(held.get().spec());
    if (!spec.hasAgent()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    Named named = AgentProtoMapper.named(held.get().tenant(), spec.getAgent().getAgentId());
    return homes.locate(named, key.task());
  }

  private static FindHomeResponse response(Agent agent) {
    return FindHomeResponse.newBuilder()
        .setHome(AgentProtoMapper.home(agent))
        .setAgentId(WireIds.text(agent.id()))
        .setHibernate(agent.state() instanceof AgentState.Hibernating)
        .build();
  }

  private static MeshException notHeld(FindHomeRequest request, String worker) {
    String task = request.getLease().getTaskId();
    return new MeshException(
            RouterReason.LEASE_NOT_HELD,
            "lease of %s: not a body that %s holds".formatted(task, worker))
        .with("taskId", task)
        .with("workerId", worker);
  }
}
