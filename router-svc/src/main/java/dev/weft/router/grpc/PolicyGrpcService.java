package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ChangePolicyRequest;
import dev.weft.proto.internal.cell.v1.ChangePolicyResponse;
import dev.weft.proto.internal.cell.v1.FetchPoliciesRequest;
import dev.weft.proto.internal.cell.v1.FetchPoliciesResponse;
import dev.weft.proto.internal.cell.v1.FetchPolicyRequest;
import dev.weft.proto.internal.cell.v1.FetchPolicyResponse;
import dev.weft.proto.internal.cell.v1.PolicyServiceGrpc.PolicyServiceImplBase;
import dev.weft.router.app.PlacementPolicies;
import dev.weft.router.app.PolicyVersion;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Policies as the gateways see them. */
public final class PolicyGrpcService extends PolicyServiceImplBase {

  private static final int MOST_ASKED = 1_000;

  /** Of the largest, about 30 KiB each, so many stay below a message's 4 MiB. */
  private static final int MOST_TOLD = 100;

  private final PlacementPolicies policies;

  public PolicyGrpcService(PlacementPolicies policies) {
    this.policies = policies;
  }

  @Override
  public void fetchPolicy(
      FetchPolicyRequest request, StreamObserver<FetchPolicyResponse> observer) {
    Answers.send(
        found(request.getVersion()),
        one -> FetchPolicyResponse.newBuilder().setPolicy(PolicyProtoMapper.policy(one)).build(),
        observer);
  }

  @Override
  public void changePolicy(
      ChangePolicyRequest request, StreamObserver<ChangePolicyResponse> observer) {
    Answers.send(
        policies.change(PolicyProtoMapper.policy(request), PolicyProtoMapper.note(request)),
        one -> ChangePolicyResponse.newBuilder().setPolicy(PolicyProtoMapper.policy(one)).build(),
        observer);
  }

  @Override
  public void fetchPolicies(
      FetchPoliciesRequest request, StreamObserver<FetchPoliciesResponse> observer) {
    int size = Math.min(MOST_TOLD, PageTokens.size(request.getPageSize(), MOST_ASKED));
    Answers.send(
        policies.below(PolicyProtoMapper.place(request.getPageToken()), size),
        page -> page(page, size),
        observer);
  }

  /** A full page may be the last: then the next one is empty. */
  private static FetchPoliciesResponse page(List<PolicyVersion> page, int size) {
    FetchPoliciesResponse.Builder response = FetchPoliciesResponse.newBuilder();
    page.forEach(one -> response.addPolicies(PolicyProtoMapper.policy(one)));
    if (page.size() == size) {
      response.setNextPageToken(PolicyProtoMapper.token(page.getLast()));
    }
    return response.build();
  }

  private CompletionStage<PolicyVersion> found(int version) {
    if (version == 0) {
      return policies.inForce();
    }
    if (version < 0 || version == Integer.MAX_VALUE) {
      throw MeshException.invalidField("version", version, "1 or more, 0 for the one in force");
    }
    return policies
        .version(version)
        .thenApply(
            stored ->
                stored.orElseThrow(
                    () ->
                        new MeshException(
                                RouterReason.POLICY_NOT_FOUND,
                                "version: %d (expected: one that was set)".formatted(version))
                            .with("version", version)));
  }
}
