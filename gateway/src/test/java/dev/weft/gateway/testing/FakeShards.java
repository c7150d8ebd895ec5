package dev.weft.gateway.testing;

import dev.weft.proto.internal.cell.v1.FetchShardsRequest;
import dev.weft.proto.internal.cell.v1.FetchShardsResponse;
import dev.weft.proto.internal.cell.v1.ShardTableServiceGrpc.ShardTableServiceImplBase;
import dev.weft.proto.placement.v1.Shard;
import dev.weft.proto.placement.v1.ShardReason;
import io.grpc.stub.StreamObserver;

/** The router's shards: two. */
public final class FakeShards extends ShardTableServiceImplBase {

  @Override
  public void fetchShards(
      FetchShardsRequest request, StreamObserver<FetchShardsResponse> observer) {
    observer.onNext(
        FetchShardsResponse.newBuilder()
            .addShards(
                Shard.newBuilder()
                    .setNumber(1)
                    .setReason(ShardReason.SHARD_REASON_FIRST)
                    .setUsers(612)
                    .setSplits(1)
                    .setMemoryBytes(1L << 34))
            .addShards(
                Shard.newBuilder()
                    .setNumber(2)
                    .setParent(1)
                    .setReason(ShardReason.SHARD_REASON_USERS)
                    .addWorkerIds("wkr_1"))
            .setTargetUsers(1_000)
            .setVersion(7)
            .build());
    observer.onCompleted();
  }
}
