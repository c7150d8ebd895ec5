package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.Actor;
import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Currencies;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.costs.v1.DeleteBudgetRequest;
import dev.weft.proto.costs.v1.DeleteBudgetResponse;
import dev.weft.proto.costs.v1.GetBudgetRequest;
import dev.weft.proto.costs.v1.GetBudgetResponse;
import dev.weft.proto.costs.v1.ListBudgetsRequest;
import dev.weft.proto.costs.v1.ListBudgetsResponse;
import dev.weft.proto.costs.v1.SetBudgetRequest;
import dev.weft.proto.costs.v1.SetBudgetResponse;
import dev.weft.proto.costs.v1.TenantBudget;
import dev.weft.proto.internal.cell.v1.ChangeBudgetRequest;
import dev.weft.proto.internal.cell.v1.DropBudgetRequest;
import dev.weft.proto.internal.cell.v1.FetchBudgetsRequest;
import dev.weft.proto.internal.cell.v1.FetchBudgetsResponse;
import dev.weft.proto.internal.cell.v1.TenantBudgetServiceGrpc;
import dev.weft.proto.internal.cell.v1.TenantBudgetServiceGrpc.TenantBudgetServiceFutureStub;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The contract's BudgetService for a caller who may: asks whoever holds the cell. */
public final class BudgetForwarder {

  private static final long MOST_MICROS = 1_000_000_000_000L;

  private static final long MOST_TOKENS = 1_000_000_000_000_000L;

  private final Holder cell;
  private final AuditLog audit;

  public BudgetForwarder(Holder cell, AuditLog audit) {
    this.cell = cell;
    this.audit = audit;
  }

  public CompletionStage<ListBudgetsResponse> list(Call call, ListBudgetsRequest request) {
    UnknownFields.refuse(request);
    if (request.getAllTenants()) {
      Authenticator.require(call.caller(), Scope.MESH_ADMIN);
    }
    return fetch(call, request.getAllTenants() ? "" : call.tenant())
        .thenApply(found -> ListBudgetsResponse.newBuilder().addAllBudgets(found).build());
  }

  /** Another tenant's needs mesh.admin, and is refused alike whether or not there is one. */
  public CompletionStage<GetBudgetResponse> get(Call call, GetBudgetRequest request) {
    UnknownFields.refuse(request);
    String tenant = request.getTenantId().isEmpty() ? call.tenant() : request.getTenantId();
    if (!tenant.equals(call.tenant())) {
      Authenticator.require(call.caller(), Scope.MESH_ADMIN);
    }
    return fetch(call, tenant)
        .thenApply(
            found ->
                GetBudgetResponse.newBuilder()
                    .setBudget(found.stream().findFirst().orElseThrow(() -> unknown(tenant)))
                    .build());
  }

  /** The audit knows the wish before the cell does. */
  public CompletionStage<SetBudgetResponse> set(Call call, SetBudgetRequest request) {
    UnknownFields.refuse(request);
    TenantIds.check(request.getTenantId());
    checkAmounts(request);
    ChangeBudgetRequest inner =
        ChangeBudgetRequest.newBuilder()
            .setTenant(request.getTenantId())
            .setDailyMicros(request.getDailyMicros())
            .setCurrencyCode(request.getCurrencyCode())
            .setDailyTokens(request.getDailyTokens())
            .setAuthor(call.tenant() + "/" + call.caller().principal())
            .build();
    return audit
        .append(AuditEntry.by(actor(call), "budget.set", request.getTenantId()))
        .thenCompose(_ -> ask(call, stub -> stub.changeBudget(inner)))
        .thenApply(answer -> SetBudgetResponse.newBuilder().setBudget(answer.getBudget()).build());
  }

  public CompletionStage<DeleteBudgetResponse> delete(Call call, DeleteBudgetRequest request) {
    UnknownFields.refuse(request);
    String tenant = request.getTenantId();
    TenantIds.check(tenant);
    DropBudgetRequest inner = DropBudgetRequest.newBuilder().setTenant(tenant).build();
    return audit
        .append(AuditEntry.by(actor(call), "budget.delete", tenant))
        .thenCompose(_ -> ask(call, stub -> stub.dropBudget(inner)))
        .thenApply(
            answer -> {
              if (!answer.getDropped()) {
                throw unknown(tenant);
              }
              return DeleteBudgetResponse.getDefaultInstance();
            });
  }

  /** Empty for all tenants: the caller's right to see them is checked before. */
  CompletionStage<List<TenantBudget>> fetch(Call call, String tenant) {
    FetchBudgetsRequest inner = FetchBudgetsRequest.newBuilder().setTenant(tenant).build();
    return ask(call, stub -> stub.fetchBudgets(inner))
        .thenApply(FetchBudgetsResponse::getBudgetsList);
  }

  private static Actor actor(Call call) {
    return new Actor(call.caller(), call.source());
  }

  /** Money, tokens or both; only beside tokens there may be no money. */
  private static void checkAmounts(SetBudgetRequest request) {
    long micros = request.getDailyMicros();
    long tokens = request.getDailyTokens();
    String code = request.getCurrencyCode();
    if (tokens < 0 || tokens > MOST_TOKENS) {
      throw InvalidRequest.of("daily_tokens", tokens, "0.." + MOST_TOKENS);
    }
    if (tokens > 0 && micros == 0 && code.isEmpty()) {
      return;
    }
    if (micros < 1 || micros > MOST_MICROS) {
      throw InvalidRequest.of(
          "daily_micros", micros, "1.." + MOST_MICROS + ", or daily_tokens alone");
    }
    if (!Currencies.isKnown(code)) {
      throw InvalidRequest.of("currency_code", code, Currencies.EXPECTED);
    }
  }

  private static MeshException unknown(String tenant) {
    return new MeshException(
            GatewayReason.BUDGET_NOT_FOUND, "budget of " + tenant + ": none (expected: one is set)")
        .with("tenant", tenant);
  }

  private <T> CompletionStage<T> ask(
      Call call, Function<TenantBudgetServiceFutureStub, ListenableFuture<T>> question) {
    return Upstream.visible(
        cell.call(
            channel -> question.apply(TenantBudgetServiceGrpc.newFutureStub(channel)),
            call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
