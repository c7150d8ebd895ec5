package dev.weft.scaler.grpc;

import dev.weft.proto.pools.v1.GetPoolRequest;
import dev.weft.proto.pools.v1.GetPoolResponse;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.ListPoolsResponse;
import dev.weft.proto.pools.v1.PoolServiceGrpc.PoolServiceImplBase;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.pools.v1.ResizePoolResponse;
import dev.weft.scaler.app.PoolKeeper;
import io.grpc.stub.StreamObserver;

/** Pools for gateways. A resize waits for the database, so calls run on threads of their own. */
public final class PoolGrpcService extends PoolServiceImplBase {

  private final PoolKeeper keeper;

  public PoolGrpcService(PoolKeeper keeper) {
    this.keeper = keeper;
  }

  @Override
  public void listPools(ListPoolsRequest request, StreamObserver<ListPoolsResponse> responses) {
    ListPoolsResponse.Builder all = ListPoolsResponse.newBuilder();
    keeper.list().forEach(view -> all.addPools(PoolProtoMapper.pool(view)));
    responses.onNext(all.build());
    responses.onCompleted();
  }

  @Override
  public void getPool(GetPoolRequest request, StreamObserver<GetPoolResponse> responses) {
    responses.onNext(
        GetPoolResponse.newBuilder()
            .setPool(PoolProtoMapper.pool(keeper.get(request.getName())))
            .build());
    responses.onCompleted();
  }

  @Override
  public void resizePool(ResizePoolRequest request, StreamObserver<ResizePoolResponse> responses) {
    long desired = Integer.toUnsignedLong(request.getDesired());
    responses.onNext(
        ResizePoolResponse.newBuilder()
            .setPool(PoolProtoMapper.pool(keeper.resize(request.getName(), desired)))
            .build());
    responses.onCompleted();
  }
}
