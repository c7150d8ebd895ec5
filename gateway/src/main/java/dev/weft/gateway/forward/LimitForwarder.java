package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.Actor;
import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ChangeLimitsRequest;
import dev.weft.proto.internal.cell.v1.DropLimitsRequest;
import dev.weft.proto.internal.cell.v1.FetchLimitsRequest;
import dev.weft.proto.internal.cell.v1.TenantLimitServiceGrpc;
import dev.weft.proto.internal.cell.v1.TenantLimitServiceGrpc.TenantLimitServiceFutureStub;
import dev.weft.proto.limits.v1.DeleteLimitsRequest;
import dev.weft.proto.limits.v1.DeleteLimitsResponse;
import dev.weft.proto.limits.v1.GetLimitsRequest;
import dev.weft.proto.limits.v1.GetLimitsResponse;
import dev.weft.proto.limits.v1.ListLimitsRequest;
import dev.weft.proto.limits.v1.ListLimitsResponse;
import dev.weft.proto.limits.v1.SetLimitsRequest;
import dev.weft.proto.limits.v1.SetLimitsResponse;
import dev.weft.proto.limits.v1.SubmissionRate;
import dev.weft.proto.limits.v1.TenantLimits;
import dev.weft.proto.limits.v1.Tier;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The contract's LimitService for a caller who may: asks whoever holds the cell. */
public final class LimitForwarder {

  private static final int MOST_INSTANCES = 10_000;

  private final Holder cell;
  private final AuditLog audit;
  private final SubmissionRate submissions;

  public LimitForwarder(Holder cell, AuditLog audit, SubmitRate rate) {
    this.cell = cell;
    this.audit = audit;
    this.submissions =
        SubmissionRate.newBuilder().setPerSecond(rate.perSecond()).setBurst(rate.burst()).build();
  }

  public CompletionStage<ListLimitsResponse> list(Call call, ListLimitsRequest request) {
    UnknownFields.refuse(request);
    if (request.getAllTenants()) {
      Authenticator.require(call.caller(), Scope.MESH_ADMIN);
    }
    return fetch(call, request.getAllTenants() ? "" : call.tenant())
        .thenApply(
            found ->
                ListLimitsResponse.newBuilder()
                    .addAllLimits(found)
                    .setSubmissions(submissions)
                    .build());
  }

  /** Another tenant's need mesh.admin, and are refused alike whether or not there are any. */
  public CompletionStage<GetLimitsResponse> get(Call call, GetLimitsRequest request) {
    UnknownFields.refuse(request);
    String tenant = request.getTenantId().isEmpty() ? call.tenant() : request.getTenantId();
    if (!tenant.equals(call.tenant())) {
      Authenticator.require(call.caller(), Scope.MESH_ADMIN);
    }
    return fetch(call, tenant)
        .thenApply(
            found ->
                GetLimitsResponse.newBuilder()
                    .setLimits(found.stream().findFirst().orElseThrow(() -> unknown(tenant)))
                    .setSubmissions(submissions)
                    .build());
  }

  /** The audit knows the wish before the cell does. */
  public CompletionStage<SetLimitsResponse> set(Call call, SetLimitsRequest request) {
    UnknownFields.refuse(request);
    TenantIds.check(request.getTenantId());
    checkTier(request);
    int instances = request.getInstances();
    if (instances < 0 || instances > MOST_INSTANCES) {
      throw InvalidRequest.of("instances", instances, "1.." + MOST_INSTANCES);
    }
    ChangeLimitsRequest inner =
        ChangeLimitsRequest.newBuilder()
            .setTenant(request.getTenantId())
            .setTier(request.getTier())
            .setInstances(Math.max(1, instances))
            .setAuthor(call.tenant() + "/" + call.caller().principal())
            .build();
    return audit
        .append(AuditEntry.by(actor(call), "limits.set", request.getTenantId()))
        .thenCompose(_ -> ask(call, stub -> stub.changeLimits(inner)))
        .thenApply(
            answer ->
                SetLimitsResponse.newBuilder()
                    .setLimits(RateMapper.withRates(answer.getLimits()))
                    .build());
  }

  public CompletionStage<DeleteLimitsResponse> delete(Call call, DeleteLimitsRequest request) {
    UnknownFields.refuse(request);
    String tenant = request.getTenantId();
    TenantIds.check(tenant);
    DropLimitsRequest inner = DropLimitsRequest.newBuilder().setTenant(tenant).build();
    return audit
        .append(AuditEntry.by(actor(call), "limits.delete", tenant))
        .thenCompose(_ -> ask(call, stub -> stub.dropLimits(inner)))
        .thenApply(
            answer -> {
              if (!answer.getDropped()) {
                throw unknown(tenant);
              }
              return DeleteLimitsResponse.getDefaultInstance();
            });
  }

  /** Empty for all tenants: the caller's right to see them is checked before. */
  private CompletionStage<List<TenantLimits>> fetch(Call call, String tenant) {
    FetchLimitsRequest inner = FetchLimitsRequest.newBuilder().setTenant(tenant).build();
    return ask(call, stub -> stub.fetchLimits(inner))
        .thenApply(found -> found.getLimitsList().stream().map(RateMapper::withRates).toList());
  }

  private static Actor actor(Call call) {
    return new Actor(call.caller(), call.source());
  }

  private static void checkTier(SetLimitsRequest request) {
    Tier tier = request.getTier();
    if (tier == Tier.TIER_UNSPECIFIED || tier == Tier.UNRECOGNIZED) {
      throw InvalidRequest.of(
          "tier", request.getTierValue(), "TIER_FREE, TIER_BASIC, TIER_PREMIUM or TIER_ENTERPRISE");
    }
  }

  private static MeshException unknown(String tenant) {
    return new MeshException(
            GatewayReason.LIMITS_NOT_FOUND,
            "limits of " + tenant + ": none (expected: a tier is set)")
        .with("tenant", tenant);
  }

  private <T> CompletionStage<T> ask(
      Call call, Function<TenantLimitServiceFutureStub, ListenableFuture<T>> question) {
    return Upstream.visible(
        cell.call(
            channel -> question.apply(TenantLimitServiceGrpc.newFutureStub(channel)),
            call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
