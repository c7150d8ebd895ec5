package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.agent.v1.AgentCommand;
import dev.weft.proto.internal.cell.v1.CheckLeaseRequest;
import dev.weft.proto.internal.cell.v1.CheckLeaseResponse;
import dev.weft.proto.internal.cell.v1.LeaseServiceGrpc.LeaseServiceImplBase;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.LeaseQueries;
import dev.weft.router.app.LeaseQueries.HeldLease;
import dev.weft.router.app.agent.GivenCommands;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.Command;
import dev.weft.router.domain.cell.AttemptKey;
import dev.weft.router.domain.task.WorkerId;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a worker may have for the work it holds. */
public final class LeaseGrpcService extends LeaseServiceImplBase {

  private final LeaseQueries leases;
  private final GivenCommands commands;

  public LeaseGrpcService(LeaseQueries leases, GivenCommands commands) {
    this.leases = leases;
    this.commands = commands;
  }

  @Override
  public void checkLease(CheckLeaseRequest request, StreamObserver<CheckLeaseResponse> observer) {
    WorkerId worker = WireQueries.worker(request.getWorkerId());
    AttemptKey key = WireQueries.lease(request.getLease());
    Answers.ignoreCancel(observer);
    CompletionStage<Optional<CheckLeaseResponse>> answer =
        request.getLogOnly()
            ? leases.logTenant(worker, key).thenApply(it -> it.map(LeaseGrpcService::ofLog))
            : leases.held(worker, key).thenCompose(this::entitled);
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

  private CompletionStage<Optional<CheckLeaseResponse>> entitled(Optional<HeldLease> held) {
    if (held.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    String tenant = held.get().tenant();
    TaskSpec spec = TaskProtoMapper.spec(held.get().spec());
    CheckLeaseResponse.Builder response = response(tenant, spec);
    if (!spec.hasAgent()) {
      return CompletableFuture.completedStage(Optional.of(response.build()));
    }
    AgentId agent = AgentProtoMapper.named(tenant, spec.getAgent().getAgentId()).id();
    return commands
        .to(tenant, agent, spec.getAgent().getBody())
        .thenApply(given -> Optional.of(response.addAllArtifactIds(put(given)).build()));
  }

  /** A body may read what it is to put into its workspace, for as long as it is to. */
  private static List<String> put(List<Command> given) {
    return given.stream()
        .map(CommandProtoMapper::command)
        .filter(AgentCommand::hasPutFiles)
        .map(command -> command.getPutFiles().getArtifactId())
        .distinct()
        .toList();
  }

  private static CheckLeaseResponse.Builder response(String tenant, TaskSpec spec) {
    CheckLeaseResponse.Builder response = CheckLeaseResponse.newBuilder().setTenant(tenant);
    if (!spec.getWorkspaceArtifact().isEmpty()) {
      response.addArtifactIds(spec.getWorkspaceArtifact());
    }
    spec.getSecretsList().stream()
        .map(text -> SecretRef.parse(text).secret())
        .distinct()
        .forEach(response::addSecretNames);
    return response;
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
