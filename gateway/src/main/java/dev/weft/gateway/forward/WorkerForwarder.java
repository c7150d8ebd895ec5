package dev.weft.gateway.forward;

import com.google.protobuf.Duration;
import dev.weft.gateway.app.Actor;
import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.BeginDrainResponse;
import dev.weft.proto.internal.cell.v1.CellServiceGrpc;
import dev.weft.proto.internal.fleet.v1.FetchWorkerHealthRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkerRequest;
import dev.weft.proto.internal.fleet.v1.FetchWorkersRequest;
import dev.weft.proto.internal.fleet.v1.FleetServiceGrpc;
import dev.weft.proto.workers.v1.DrainWorkerRequest;
import dev.weft.proto.workers.v1.DrainWorkerResponse;
import dev.weft.proto.workers.v1.GetWorkerHealthRequest;
import dev.weft.proto.workers.v1.GetWorkerHealthResponse;
import dev.weft.proto.workers.v1.GetWorkerRequest;
import dev.weft.proto.workers.v1.GetWorkerResponse;
import dev.weft.proto.workers.v1.ListWorkersRequest;
import dev.weft.proto.workers.v1.ListWorkersResponse;
import dev.weft.proto.workers.v1.Worker;
import dev.weft.proto.workers.v1.WorkerState;
import java.util.concurrent.CompletionStage;

/**
 * The contract's WorkerService, less its stream, for a caller who may: asks the registry, and the
 * placer to drain.
 */
public final class WorkerForwarder {

  private static final Duration USUAL_GRACE = Duration.newBuilder().setSeconds(120).build();
  private static final long MOST_GRACE_SECONDS = 24L * 3600;

  private final Holder registry;
  private final Holder cell;
  private final AuditLog audit;

  public WorkerForwarder(Holder registry, Holder cell, AuditLog audit) {
    this.registry = registry;
    this.cell = cell;
    this.audit = audit;
  }

  public CompletionStage<ListWorkersResponse> list(Call call, ListWorkersRequest request) {
    TaskForwarder.checkPageSize(request.getPageSize());
    FetchWorkersRequest inner =
        FetchWorkersRequest.newBuilder()
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .build();
    return visible(
        registry
            .call(
                channel -> FleetServiceGrpc.newFutureStub(channel).fetchWorkers(inner),
                call.patience())
            .thenApply(
                answer ->
                    ListWorkersResponse.newBuilder()
                        .addAllWorkers(
                            answer.getWorkersList().stream().map(Withheld::tasks).toList())
                        .setNextPageToken(answer.getNextPageToken())
                        .build()));
  }

  public CompletionStage<GetWorkerResponse> get(Call call, GetWorkerRequest request) {
    FetchWorkerRequest inner =
        FetchWorkerRequest.newBuilder().setWorkerId(checkedWorker(request.getWorkerId())).build();
    return visible(
        registry
            .call(
                channel -> FleetServiceGrpc.newFutureStub(channel).fetchWorker(inner),
                call.patience())
            .thenApply(
                answer ->
                    GetWorkerResponse.newBuilder()
                        .setWorker(Withheld.tasks(answer.getWorker()))
                        .build()));
  }

  public CompletionStage<GetWorkerHealthResponse> health(
      Call call, GetWorkerHealthRequest request) {
    FetchWorkerHealthRequest inner =
        FetchWorkerHealthRequest.newBuilder()
            .setWorkerId(checkedWorker(request.getWorkerId()))
            .build();
    return visible(
        registry
            .call(
                channel -> FleetServiceGrpc.newFutureStub(channel).fetchWorkerHealth(inner),
                call.patience())
            .thenApply(
                answer ->
                    GetWorkerHealthResponse.newBuilder().setHealth(answer.getHealth()).build()));
  }

  /**
   * The registry knows the worker's id by its name; the audit knows the act before the placer does.
   */
  public CompletionStage<DrainWorkerResponse> drain(Call call, DrainWorkerRequest request) {
    TaskRules.checkText("request_id", request.getRequestId());
    Duration grace = request.hasGrace() ? request.getGrace() : USUAL_GRACE;
    if (grace.getSeconds() < 0 || grace.getNanos() < 0 || grace.getSeconds() > MOST_GRACE_SECONDS) {
      throw InvalidRequest.of("grace", grace.getSeconds() + "s", "0s.." + MOST_GRACE_SECONDS + "s");
    }
    GetWorkerRequest known =
        GetWorkerRequest.newBuilder().setWorkerId(request.getWorkerId()).build();
    return get(call, known)
        .thenCompose(
            found -> {
              String id = found.getWorker().getId();
              Actor actor = new Actor(call.caller(), call.source());
              return audit
                  .append(AuditEntry.by(actor, "worker.drain", id))
                  .thenCompose(_ -> beginDrain(call, id, grace))
                  .thenApply(begun -> answer(found.getWorker(), begun.getDrained()));
            });
  }

  /** The placer has decided; the registry only hears of it some time later. */
  private static DrainWorkerResponse answer(Worker worker, boolean drained) {
    return DrainWorkerResponse.newBuilder()
        .setWorker(
            worker.toBuilder()
                .setState(
                    drained ? WorkerState.WORKER_STATE_DRAINED : WorkerState.WORKER_STATE_DRAINING))
        .build();
  }

  private CompletionStage<BeginDrainResponse> beginDrain(
      Call call, String workerId, Duration grace) {
    BeginDrainRequest inner =
        BeginDrainRequest.newBuilder().setWorkerId(workerId).setGrace(grace).build();
    return Upstream.visible(
        cell.call(
            channel -> CellServiceGrpc.newFutureStub(channel).beginDrain(inner), call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }

  private static String checkedWorker(String idOrName) {
    if (idOrName.isBlank()) {
      throw InvalidRequest.of("worker_id", "empty", "wkr_ and 26 characters, or a name");
    }
    TaskRules.checkText("worker_id", idOrName);
    return idOrName;
  }

  private static <T> CompletionStage<T> visible(CompletionStage<T> answer) {
    return Upstream.visible(answer, GatewayReason.REGISTRY_UNAVAILABLE);
  }
}
