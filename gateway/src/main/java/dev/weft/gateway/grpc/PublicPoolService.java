package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.PoolForwarder;
import dev.weft.proto.pools.v1.GetPoolRequest;
import dev.weft.proto.pools.v1.GetPoolResponse;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.ListPoolsResponse;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.pools.v1.ResizePoolResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.pools.v1.PoolService. */
@GrpcService
public class PublicPoolService implements BindableService, PoolServiceGrpc.AsyncService {

  private final PoolForwarder pools;

  public PublicPoolService(PoolForwarder pools) {
    this.pools = pools;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(PoolServiceGrpc.bindService(this));
  }

  @Override
  public void listPools(ListPoolsRequest request, StreamObserver<ListPoolsResponse> observer) {
    GrpcCalls.answer(observer, () -> pools.list(GrpcCalls.current(), request));
  }

  @Override
  public void getPool(GetPoolRequest request, StreamObserver<GetPoolResponse> observer) {
    GrpcCalls.answer(observer, () -> pools.get(GrpcCalls.current(), request));
  }

  @Override
  public void resizePool(ResizePoolRequest request, StreamObserver<ResizePoolResponse> observer) {
    GrpcCalls.answer(observer, () -> pools.resize(GrpcCalls.current(), request));
  }
}
