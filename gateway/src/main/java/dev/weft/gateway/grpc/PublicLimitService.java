package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.LimitForwarder;
import dev.weft.gateway.forward.RateForwarder;
import dev.weft.proto.limits.v1.AcquireRateRequest;
import dev.weft.proto.limits.v1.AcquireRateResponse;
import dev.weft.proto.limits.v1.DeleteLimitsRequest;
import dev.weft.proto.limits.v1.DeleteLimitsResponse;
import dev.weft.proto.limits.v1.GetLimitsRequest;
import dev.weft.proto.limits.v1.GetLimitsResponse;
import dev.weft.proto.limits.v1.LimitServiceGrpc;
import dev.weft.proto.limits.v1.ListLimitsRequest;
import dev.weft.proto.limits.v1.ListLimitsResponse;
import dev.weft.proto.limits.v1.SetLimitsRequest;
import dev.weft.proto.limits.v1.SetLimitsResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.limits.v1.LimitService. */
@GrpcService
public class PublicLimitService implements BindableService, LimitServiceGrpc.AsyncService {

  private final LimitForwarder limits;
  private final RateForwarder rates;

  public PublicLimitService(LimitForwarder limits, RateForwarder rates) {
    this.limits = limits;
    this.rates = rates;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(LimitServiceGrpc.bindService(this));
  }

  @Override
  public void listLimits(ListLimitsRequest request, StreamObserver<ListLimitsResponse> observer) {
    GrpcCalls.answer(observer, () -> limits.list(GrpcCalls.current(), request));
  }

  @Override
  public void getLimits(GetLimitsRequest request, StreamObserver<GetLimitsResponse> observer) {
    GrpcCalls.answer(observer, () -> limits.get(GrpcCalls.current(), request));
  }

  @Override
  public void setLimits(SetLimitsRequest request, StreamObserver<SetLimitsResponse> observer) {
    GrpcCalls.answer(observer, () -> limits.set(GrpcCalls.current(), request));
  }

  @Override
  public void deleteLimits(
      DeleteLimitsRequest request, StreamObserver<DeleteLimitsResponse> observer) {
    GrpcCalls.answer(observer, () -> limits.delete(GrpcCalls.current(), request));
  }

  @Override
  public void acquireRate(
      AcquireRateRequest request, StreamObserver<AcquireRateResponse> observer) {
    GrpcCalls.answer(observer, () -> rates.acquire(GrpcCalls.current(), request));
  }
}
