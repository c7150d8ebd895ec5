package dev.weft.gateway.testing;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.ChangePolicyRequest;
import dev.weft.proto.internal.cell.v1.ChangePolicyResponse;
import dev.weft.proto.internal.cell.v1.FetchPoliciesRequest;
import dev.weft.proto.internal.cell.v1.FetchPoliciesResponse;
import dev.weft.proto.internal.cell.v1.FetchPolicyRequest;
import dev.weft.proto.internal.cell.v1.FetchPolicyResponse;
import dev.weft.proto.internal.cell.v1.PolicyServiceGrpc.PolicyServiceImplBase;
import dev.weft.proto.placement.v1.PlacementPolicy;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's policies: version 7 is in force. */
public final class FakePolicies extends PolicyServiceImplBase {

  public static final int IN_FORCE = 7;

  public final List<ChangePolicyRequest> changes = new CopyOnWriteArrayList<>();
  public final List<FetchPoliciesRequest> listed = new CopyOnWriteArrayList<>();

  @Override
  public void fetchPolicy(
      FetchPolicyRequest request, StreamObserver<FetchPolicyResponse> observer) {
    int version = request.getVersion() == 0 ? IN_FORCE : request.getVersion();
    if (version < 1 || version > IN_FORCE) {
      observer.onError(
          StatusMapper.toStatus(
              StoreState.failure(
                  "POLICY_NOT_FOUND",
                  Code.NOT_FOUND,
                  "version: " + version + " (expected: one that was set)")));
      return;
    }
    observer.onNext(FetchPolicyResponse.newBuilder().setPolicy(policy(version)).build());
    observer.onCompleted();
  }

  @Override
  public void changePolicy(
      ChangePolicyRequest request, StreamObserver<ChangePolicyResponse> observer) {
    changes.add(request);
    if (request.getExpectedVersion() != IN_FORCE) {
      observer.onError(
          StatusMapper.toStatus(
              StoreState.failure(
                  "POLICY_CHANGED",
                  Code.ABORTED,
                  "expected_version: %d (expected: 7, which is in force)"
                      .formatted(request.getExpectedVersion()))));
      return;
    }
    observer.onNext(
        ChangePolicyResponse.newBuilder()
            .setPolicy(
                policy(IN_FORCE + 1)
                    .setAuthor(request.getAuthor())
                    .addAllWeights(request.getWeightsList()))
            .build());
    observer.onCompleted();
  }

  @Override
  public void fetchPolicies(
      FetchPoliciesRequest request, StreamObserver<FetchPoliciesResponse> observer) {
    listed.add(request);
    observer.onNext(
        FetchPoliciesResponse.newBuilder()
            .addPolicies(policy(IN_FORCE))
            .addPolicies(policy(IN_FORCE - 1))
            .setNextPageToken("more")
            .build());
    observer.onCompleted();
  }

  private static PlacementPolicy.Builder policy(int version) {
    return PlacementPolicy.newBuilder()
        .setVersion(version)
        .setName("placement-" + version)
        .setAuthor("operators/root")
        .setComment("why " + version);
  }
}
