package dev.weft.gateway.testing;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.pools.v1.GetPoolRequest;
import dev.weft.proto.pools.v1.GetPoolResponse;
import dev.weft.proto.pools.v1.ListPoolsRequest;
import dev.weft.proto.pools.v1.ListPoolsResponse;
import dev.weft.proto.pools.v1.Pool;
import dev.weft.proto.pools.v1.PoolServiceGrpc;
import dev.weft.proto.pools.v1.ResizePoolRequest;
import dev.weft.proto.pools.v1.ResizePoolResponse;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;

/** Whoever holds the scaler, with one pool. */
public final class FakeScaler extends PoolServiceGrpc.PoolServiceImplBase {

  private Pool pool =
      Pool.newBuilder()
          .setName("local")
          .setProvider("local-process")
          .setDesired(6)
          .setMost(20)
          .setRevision(1)
          .build();

  @Override
  public synchronized void listPools(
      ListPoolsRequest request, StreamObserver<ListPoolsResponse> observer) {
    observer.onNext(ListPoolsResponse.newBuilder().addPools(pool).build());
    observer.onCompleted();
  }

  @Override
  public synchronized void getPool(
      GetPoolRequest request, StreamObserver<GetPoolResponse> observer) {
    if (isKnown(request.getName(), observer)) {
      observer.onNext(GetPoolResponse.newBuilder().setPool(pool).build());
      observer.onCompleted();
    }
  }

  @Override
  public synchronized void resizePool(
      ResizePoolRequest request, StreamObserver<ResizePoolResponse> observer) {
    if (!isKnown(request.getName(), observer)) {
      return;
    }
    if (request.getDesired() > pool.getMost()) {
      observer.onError(
          StoreState.failure(
              "INVALID_FIELD", Code.INVALID_ARGUMENT, "desired: " + request.getDesired()));
      return;
    }
    pool =
        pool.toBuilder()
            .setDesired(request.getDesired())
            .setRevision(pool.getRevision() + 1)
            .build();
    observer.onNext(ResizePoolResponse.newBuilder().setPool(pool).build());
    observer.onCompleted();
  }

  private boolean isKnown(String name, StreamObserver<?> observer) {
    boolean known = pool.getName().equals(name);
    if (!known) {
      observer.onError(
          StatusMapper.toStatus(
              StoreState.failure("POOL_NOT_FOUND", Code.NOT_FOUND, "name: " + name)));
    }
    return known;
  }
}
