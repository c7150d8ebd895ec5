package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.AgentCostEstimates;
import dev.weft.gateway.forward.CostForwarder;
import dev.weft.proto.costs.v1.CostServiceGrpc;
import dev.weft.proto.costs.v1.EstimateAgentCostsRequest;
import dev.weft.proto.costs.v1.EstimateAgentCostsResponse;
import dev.weft.proto.costs.v1.ListCostsRequest;
import dev.weft.proto.costs.v1.ListCostsResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.concurrent.CompletableFuture;

/** weft.costs.v1.CostService. */
@GrpcService
public class PublicCostService implements BindableService, CostServiceGrpc.AsyncService {

  private final CostForwarder costs;

  public PublicCostService(CostForwarder costs) {
    this.costs = costs;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(CostServiceGrpc.bindService(this));
  }

  @Override
  public void listCosts(ListCostsRequest request, StreamObserver<ListCostsResponse> observer) {
    GrpcCalls.answer(observer, () -> costs.list(GrpcCalls.current(), request));
  }

  @Override
  public void estimateAgentCosts(
      EstimateAgentCostsRequest request, StreamObserver<EstimateAgentCostsResponse> observer) {
    GrpcCalls.answer(
        observer, () -> CompletableFuture.completedStage(AgentCostEstimates.of(request)));
  }
}
