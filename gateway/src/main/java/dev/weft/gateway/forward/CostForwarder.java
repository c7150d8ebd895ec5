package dev.weft.gateway.forward;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.proto.costs.v1.CostGroup;
import dev.weft.proto.costs.v1.ListCostsRequest;
import dev.weft.proto.costs.v1.ListCostsResponse;
import dev.weft.proto.costs.v1.TenantBudget;
import dev.weft.proto.internal.cell.v1.CostReportServiceGrpc;
import dev.weft.proto.internal.cell.v1.FetchCostsRequest;
import dev.weft.proto.internal.cell.v1.FetchCostsResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The contract's CostService for a caller who may: checks the request and asks the placer. */
public final class CostForwarder {

  private final Holder cell;
  private final BudgetForwarder budgets;

  public CostForwarder(Holder cell, BudgetForwarder budgets) {
    this.cell = cell;
    this.budgets = budgets;
  }

  public CompletionStage<ListCostsResponse> list(Call call, ListCostsRequest request) {
    FetchCostsRequest inner = inner(call, request);
    CompletionStage<FetchCostsResponse> costs =
        Upstream.visible(
            cell.call(
                channel -> CostReportServiceGrpc.newFutureStub(channel).fetchCosts(inner),
                call.patience()),
            GatewayReason.CELL_UNAVAILABLE);
    boolean asksForBudgets = request.getTaskId().isEmpty() && request.getPageToken().isEmpty();
    return asksForBudgets
        ? costs.thenCombine(budgets.fetch(call, inner.getTenant()), CostForwarder::response)
        : costs.thenApply(answer -> response(answer, List.of()));
  }

  private static ListCostsResponse response(FetchCostsResponse costs, List<TenantBudget> budgets) {
    return ListCostsResponse.newBuilder()
        .addAllCostLines(costs.getCostLinesList())
        .setNextPageToken(costs.getNextPageToken())
        .addAllBudgets(budgets)
        .build();
  }

  private static FetchCostsRequest inner(Call call, ListCostsRequest request) {
    TaskForwarder.checkPageSize(request.getPageSize());
    if (request.getBy() == CostGroup.UNRECOGNIZED
        || request.getBy() == CostGroup.COST_GROUP_UNSPECIFIED) {
      throw InvalidRequest.of("by", request.getByValue(), "TASK, TENANT, WORKER, DAY or CLASS");
    }
    FetchCostsRequest.Builder inner =
        FetchCostsRequest.newBuilder()
            .setBy(request.getBy())
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken());
    if (!request.getTaskId().isEmpty()) {
      inner.setTaskId(TaskForwarder.checkedTaskId(request.getTaskId()));
    }
    if (request.hasSince()) {
      inner.setSince(checked("since", request.getSince()));
    }
    if (request.hasUntil()) {
      inner.setUntil(checked("until", request.getUntil()));
    }
    return inner.setTenant(tenant(call, request)).build();
  }

  /** Empty when the caller asks for all tenants and may. */
  private static String tenant(Call call, ListCostsRequest request) {
    if (!request.getAllTenants()) {
      return call.tenant();
    }
    Authenticator.require(call.caller(), Scope.MESH_ADMIN);
    if (request.getBy() == CostGroup.COST_GROUP_TASK || !request.getTaskId().isEmpty()) {
      throw InvalidRequest.of("all_tenants", "true", "false for tasks");
    }
    return "";
  }

  private static Timestamp checked(String field, Timestamp time) {
    if (!Timestamps.isValid(time)) {
      throw InvalidRequest.of(
          field, time.getSeconds() + "." + time.getNanos(), "a time like 2026-01-02T03:04:05Z");
    }
    return time;
  }
}
