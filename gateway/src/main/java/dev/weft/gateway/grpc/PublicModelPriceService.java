package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.ModelPriceForwarder;
import dev.weft.proto.costs.v1.DeleteModelPriceRequest;
import dev.weft.proto.costs.v1.DeleteModelPriceResponse;
import dev.weft.proto.costs.v1.ListModelPricesRequest;
import dev.weft.proto.costs.v1.ListModelPricesResponse;
import dev.weft.proto.costs.v1.ModelPriceServiceGrpc;
import dev.weft.proto.costs.v1.SetModelPriceRequest;
import dev.weft.proto.costs.v1.SetModelPriceResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.costs.v1.ModelPriceService. */
@GrpcService
public class PublicModelPriceService
    implements BindableService, ModelPriceServiceGrpc.AsyncService {

  private final ModelPriceForwarder prices;

  public PublicModelPriceService(ModelPriceForwarder prices) {
    this.prices = prices;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(ModelPriceServiceGrpc.bindService(this));
  }

  @Override
  public void listModelPrices(
      ListModelPricesRequest request, StreamObserver<ListModelPricesResponse> observer) {
    GrpcCalls.answer(observer, () -> prices.list(GrpcCalls.current(), request));
  }

  @Override
  public void setModelPrice(
      SetModelPriceRequest request, StreamObserver<SetModelPriceResponse> observer) {
    GrpcCalls.answer(observer, () -> prices.set(GrpcCalls.current(), request));
  }

  @Override
  public void deleteModelPrice(
      DeleteModelPriceRequest request, StreamObserver<DeleteModelPriceResponse> observer) {
    GrpcCalls.answer(observer, () -> prices.delete(GrpcCalls.current(), request));
  }
}
