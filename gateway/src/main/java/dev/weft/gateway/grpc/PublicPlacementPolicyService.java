package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.PolicyForwarder;
import dev.weft.proto.placement.v1.GetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.GetPlacementPolicyResponse;
import dev.weft.proto.placement.v1.ListPlacementPoliciesRequest;
import dev.weft.proto.placement.v1.ListPlacementPoliciesResponse;
import dev.weft.proto.placement.v1.PlacementPolicyServiceGrpc;
import dev.weft.proto.placement.v1.SetPlacementPolicyRequest;
import dev.weft.proto.placement.v1.SetPlacementPolicyResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.placement.v1.PlacementPolicyService. */
@GrpcService
public class PublicPlacementPolicyService
    implements BindableService, PlacementPolicyServiceGrpc.AsyncService {

  private final PolicyForwarder policies;

  public PublicPlacementPolicyService(PolicyForwarder policies) {
    this.policies = policies;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(PlacementPolicyServiceGrpc.bindService(this));
  }

  @Override
  public void getPlacementPolicy(
      GetPlacementPolicyRequest request, StreamObserver<GetPlacementPolicyResponse> observer) {
    GrpcCalls.answer(observer, () -> policies.get(GrpcCalls.current(), request));
  }

  @Override
  public void setPlacementPolicy(
      SetPlacementPolicyRequest request, StreamObserver<SetPlacementPolicyResponse> observer) {
    GrpcCalls.answer(observer, () -> policies.set(GrpcCalls.current(), request));
  }

  @Override
  public void listPlacementPolicies(
      ListPlacementPoliciesRequest request,
      StreamObserver<ListPlacementPoliciesResponse> observer) {
    GrpcCalls.answer(observer, () -> policies.list(GrpcCalls.current(), request));
  }
}
