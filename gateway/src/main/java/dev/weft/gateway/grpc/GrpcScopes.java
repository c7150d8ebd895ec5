package dev.weft.gateway.grpc;

import dev.weft.gateway.domain.Scope;
import dev.weft.proto.agents.v1.AgentServiceGrpc;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import dev.weft.proto.costs.v1.BudgetServiceGrpc;
import dev.weft.proto.costs.v1.CostServiceGrpc;
import dev.weft.proto.costs.v1.ModelPriceServiceGrpc;
import dev.weft.proto.join.v1.JoinServiceGrpc;
import dev.weft.proto.limits.v1.LimitServiceGrpc;
import dev.weft.proto.placement.v1.PlacementPolicyServiceGrpc;
import dev.weft.proto.placement.v1.PlacementReplayServiceGrpc;
import dev.weft.proto.placement.v1.ShardServiceGrpc;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.tasks.v1.DeadLetterServiceGrpc;
import dev.weft.proto.tasks.v1.TaskServiceGrpc;
import dev.weft.proto.workers.v1.WorkerServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each public method needs. A method that stands nowhere here is for nobody. */
final class GrpcScopes {

  private static final Map<String, Scope> NEEDED =
      Map.ofEntries(
          entry(TaskServiceGrpc.getSubmitTaskMethod(), Scope.TASKS_WRITE),
          entry(TaskServiceGrpc.getBatchSubmitTasksMethod(), Scope.TASKS_WRITE),
          entry(TaskServiceGrpc.getCancelTaskMethod(), Scope.TASKS_WRITE),
          entry(TaskServiceGrpc.getGetTaskMethod(), Scope.TASKS_READ),
          entry(TaskServiceGrpc.getListTasksMethod(), Scope.TASKS_READ),
          entry(TaskServiceGrpc.getWatchTaskMethod(), Scope.TASKS_READ),
          entry(TaskServiceGrpc.getListDecisionsMethod(), Scope.TASKS_READ),
          entry(DeadLetterServiceGrpc.getListDeadLettersMethod(), Scope.TASKS_READ),
          entry(DeadLetterServiceGrpc.getRedriveDeadLetterMethod(), Scope.TASKS_WRITE),
          entry(DeadLetterServiceGrpc.getRedriveDeadLettersMethod(), Scope.TASKS_WRITE),
          entry(DeadLetterServiceGrpc.getPurgeDeadLetterMethod(), Scope.TASKS_WRITE),
          entry(DeadLetterServiceGrpc.getPurgeDeadLettersMethod(), Scope.TASKS_WRITE),
          // Of all tenants only with mesh.admin.
          entry(CostServiceGrpc.getListCostsMethod(), Scope.TASKS_READ),
          entry(CostServiceGrpc.getEstimateAgentCostsMethod(), Scope.TASKS_READ),
          // Of other tenants only with mesh.admin.
          entry(BudgetServiceGrpc.getListBudgetsMethod(), Scope.TASKS_READ),
          entry(BudgetServiceGrpc.getGetBudgetMethod(), Scope.TASKS_READ),
          entry(BudgetServiceGrpc.getSetBudgetMethod(), Scope.MESH_ADMIN),
          entry(BudgetServiceGrpc.getDeleteBudgetMethod(), Scope.MESH_ADMIN),
          entry(ModelPriceServiceGrpc.getListModelPricesMethod(), Scope.TASKS_READ),
          entry(ModelPriceServiceGrpc.getSetModelPriceMethod(), Scope.MESH_ADMIN),
          entry(ModelPriceServiceGrpc.getDeleteModelPriceMethod(), Scope.MESH_ADMIN),
          entry(LimitServiceGrpc.getListLimitsMethod(), Scope.TASKS_READ),
          entry(LimitServiceGrpc.getGetLimitsMethod(), Scope.TASKS_READ),
          entry(LimitServiceGrpc.getSetLimitsMethod(), Scope.MESH_ADMIN),
          entry(LimitServiceGrpc.getDeleteLimitsMethod(), Scope.MESH_ADMIN),
          entry(LimitServiceGrpc.getAcquireRateMethod(), Scope.TASKS_WRITE),
          // By what decisions were made, for who may read them.
          entry(PlacementPolicyServiceGrpc.getGetPlacementPolicyMethod(), Scope.TASKS_READ),
          entry(PlacementPolicyServiceGrpc.getListPlacementPoliciesMethod(), Scope.TASKS_READ),
          entry(PlacementPolicyServiceGrpc.getSetPlacementPolicyMethod(), Scope.MESH_ADMIN),
          entry(PlacementReplayServiceGrpc.getReplayPlacementMethod(), Scope.TASKS_READ),
          // They hold users of every tenant.
          entry(ShardServiceGrpc.getListShardsMethod(), Scope.MESH_ADMIN),
          entry(AgentServiceGrpc.getSpawnAgentMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getGetAgentMethod(), Scope.AGENTS_READ),
          entry(AgentServiceGrpc.getListAgentsMethod(), Scope.AGENTS_READ),
          entry(AgentServiceGrpc.getWatchAgentMethod(), Scope.AGENTS_READ),
          entry(AgentServiceGrpc.getHibernateAgentMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getWakeAgentMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getTerminateAgentMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getSnapshotAgentMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getForkAgentMethod(), Scope.AGENTS_WRITE),
          // They wake a sleeping agent.
          entry(AgentServiceGrpc.getListAgentMemoryMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getGetAgentMemoryMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getSetAgentMemoryMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getDeleteAgentMemoryMethod(), Scope.AGENTS_WRITE),
          entry(AgentServiceGrpc.getCreateSessionTicketMethod(), Scope.AGENTS_WRITE),
          entry(WorkerServiceGrpc.getListWorkersMethod(), Scope.WORKERS_READ),
          entry(WorkerServiceGrpc.getGetWorkerMethod(), Scope.WORKERS_READ),
          entry(WorkerServiceGrpc.getGetWorkerHealthMethod(), Scope.WORKERS_READ),
          entry(WorkerServiceGrpc.getWatchWorkersMethod(), Scope.WORKERS_READ),
          entry(WorkerServiceGrpc.getDrainWorkerMethod(), Scope.MESH_ADMIN),
          entry(PoolServiceGrpc.getListPoolsMethod(), Scope.WORKERS_READ),
          entry(PoolServiceGrpc.getGetPoolMethod(), Scope.WORKERS_READ),
          entry(PoolServiceGrpc.getResizePoolMethod(), Scope.MESH_ADMIN),
          entry(ArtifactServiceGrpc.getUploadArtifactMethod(), Scope.ARTIFACTS_WRITE),
          entry(ArtifactServiceGrpc.getDownloadArtifactMethod(), Scope.ARTIFACTS_READ),
          entry(ArtifactServiceGrpc.getGetArtifactMethod(), Scope.ARTIFACTS_READ),
          entry(ArtifactServiceGrpc.getListArtifactsMethod(), Scope.ARTIFACTS_READ),
          entry(ArtifactServiceGrpc.getDeleteArtifactMethod(), Scope.ARTIFACTS_WRITE),
          // It keeps what it finds for an hour.
          entry(ArtifactServiceGrpc.getListMissingBlobsMethod(), Scope.ARTIFACTS_WRITE),
          entry(ArtifactServiceGrpc.getUploadBlobsMethod(), Scope.ARTIFACTS_WRITE),
          entry(ArtifactServiceGrpc.getDownloadBlobsMethod(), Scope.ARTIFACTS_READ),
          entry(ArtifactServiceGrpc.getReadOutputMethod(), Scope.TASKS_READ));

  /** Tell nothing of tenants; Join checks its own token. */
  private static final Set<String> OPEN_METHODS =
      Set.of(
          JoinServiceGrpc.getJoinMethod().getFullMethodName(),
          "grpc.health.v1.Health/Check",
          "grpc.health.v1.Health/Watch",
          "grpc.health.v1.Health/List",
          "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
          "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo");

  private GrpcScopes() {}

  static boolean isOpen(String method) {
    return OPEN_METHODS.contains(method);
  }

  static Optional<Scope> needed(String method) {
    return Optional.ofNullable(NEEDED.get(method));
  }

  private static Map.Entry<String, Scope> entry(MethodDescriptor<?, ?> method, Scope scope) {
    return Map.entry(method.getFullMethodName(), scope);
  }
}
