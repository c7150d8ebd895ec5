package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.Actor;
import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.proto.internal.cell.v1.ChangePolicyRequest;
import dev.weft.proto.internal.cell.v1.FetchPoliciesRequest;
import dev.weft.proto.internal.cell.v1.FetchPolicyRequest;
import dev.weft.proto.internal.cell.v1.PolicyServiceGrpc;
import dev.weft.proto.internal.cell.v1.PolicyServiceGrpc.PolicyServiceFutureStub;
import dev.weft.proto.placement.v1.GetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.GetPlacementPolicyResponse;
import dev.weft.proto.placement.v1.ListPlacementPoliciesRequest;
import dev.weft.proto.placement.v1.ListPlacementPoliciesResponse;
import dev.weft.proto.placement.v1.PlacementPolicy;
import dev.weft.proto.placement.v1.SetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.SetPlacementPolicyResponse;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The contract's PlacementPolicyService for a caller who may: asks whoever holds the cell. */
public final class PolicyForwarder {

  private final Holder cell;
  private final AuditLog audit;

  public PolicyForwarder(Holder cell, AuditLog audit) {
    this.cell = cell;
    this.audit = audit;
  }

  public CompletionStage<GetPlacementPolicyResponse> get(
      Call call, GetPlacementPolicyRequest request) {
    UnknownFields.refuse(request);
    FetchPolicyRequest inner =
        FetchPolicyRequest.newBuilder().setVersion(request.getVersion()).build();
    return ask(call, stub -> stub.fetchPolicy(inner))
        .thenApply(
            answer ->
                GetPlacementPolicyResponse.newBuilder()
                    .setPolicy(seen(call, answer.getPolicy()))
                    .build());
  }

  public CompletionStage<ListPlacementPoliciesResponse> list(
      Call call, ListPlacementPoliciesRequest request) {
    UnknownFields.refuse(request);
    TaskForwarder.checkPageSize(request.getPageSize());
    FetchPoliciesRequest inner =
        FetchPoliciesRequest.newBuilder()
            .setPageSize(request.getPageSize())
            .setPageToken(request.getPageToken())
            .build();
    return ask(call, stub -> stub.fetchPolicies(inner))
        .thenApply(
            answer ->
                ListPlacementPoliciesResponse.newBuilder()
                    .addAllPolicies(
                        answer.getPoliciesList().stream().map(one -> seen(call, one)).toList())
                    .setNextPageToken(answer.getNextPageToken())
                    .build());
  }

  /** The audit knows the wish before the cell does. */
  public CompletionStage<SetPlacementPolicyResponse> set(
      Call call, SetPlacementPolicyRequest request) {
    UnknownFields.refuse(request);
    TaskRules.checkText("request_id", request.getRequestId());
    ChangePolicyRequest inner = inner(call, request);
    Actor actor = new Actor(call.caller(), call.source());
    String target = "after version " + request.getExpectedVersion();
    return audit
        .append(AuditEntry.by(actor, "placement.set", target))
        .thenCompose(_ -> ask(call, stub -> stub.changePolicy(inner)))
        .thenApply(
            answer ->
                SetPlacementPolicyResponse.newBuilder().setPolicy(answer.getPolicy()).build());
  }

  /** Who set it is another tenant's, and why may be; those who may set it know each other. */
  private static PlacementPolicy seen(Call call, PlacementPolicy policy) {
    return call.caller().may(Scope.MESH_ADMIN)
        ? policy
        : policy.toBuilder().clearAuthor().clearComment().build();
  }

  /** With an id of its own the call can be sent again and is still one change. */
  private static ChangePolicyRequest inner(Call call, SetPlacementPolicyRequest request) {
    String id = request.getRequestId();
    return ChangePolicyRequest.newBuilder()
        .setAuthor(call.tenant() + "/" + call.caller().principal())
        .addAllWeights(request.getWeightsList())
        .addAllAlgorithms(request.getAlgorithmsList())
        .setComment(request.getComment())
        .setExpectedVersion(request.getExpectedVersion())
        .setRequestId(id.isEmpty() ? UUID.randomUUID().toString() : id)
        .build();
  }

  private <T> CompletionStage<T> ask(
      Call call, Function<PolicyServiceFutureStub, ListenableFuture<T>> question) {
    return Upstream.visible(
        cell.call(
            channel -> question.apply(PolicyServiceGrpc.newFutureStub(channel)), call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
