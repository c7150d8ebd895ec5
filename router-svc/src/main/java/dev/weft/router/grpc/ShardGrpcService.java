package dev.weft.router.grpc;

import dev.weft.proto.internal.cell.v1.FetchShardsRequest;
import dev.weft.proto.internal.cell.v1.FetchShardsResponse;
import dev.weft.proto.internal.cell.v1.ShardTableServiceGrpc.ShardTableServiceImplBase;
import dev.weft.proto.placement.v1.Shard;
import dev.weft.proto.placement.v1.ShardReason;
import dev.weft.router.app.ShardKeeper;
import dev.weft.router.domain.cell.ShardReport;
import dev.weft.router.domain.shard.Shard.Reason;
import dev.weft.router.domain.shard.ShardFigures;
import io.grpc.stub.StreamObserver;

/** Shards as the gateways see them. */
public final class ShardGrpcService extends ShardTableServiceImplBase {

  private final ShardKeeper shards;

  public ShardGrpcService(ShardKeeper shards) {
    this.shards = shards;
  }

  @Override
  public void fetchShards(
      FetchShardsRequest request, StreamObserver<FetchShardsResponse> observer) {
    Answers.send(shards.report(), ShardGrpcService::told, observer);
  }

  private static FetchShardsResponse told(ShardReport report) {
    return FetchShardsResponse.newBuilder()
        .addAllShards(report.shards().stream().map(ShardGrpcService::shard).toList())
        .setTargetUsers(report.users())
        .setVersion(report.version())
        .build();
  }

  private static Shard shard(ShardReport.Line line) {
    ShardFigures figures = line.figures();
    Shard.Builder shard =
        Shard.newBuilder()
            .setNumber(figures.shard().number())
            .setParent(figures.shard().parent())
            .setReason(reason(figures.shard().reason()))
            .setUsers(figures.users())
            .setLeavingUsers(figures.leaving())
            .setSplits(figures.splits())
            .addAllWorkerIds(line.workers().stream().map(WireIds::text).toList())
            .setMemoryBytes(line.memoryBytes())
            .setTakenMemoryBytes(line.memoryTaken());
    if (figures.shard().reason() != Reason.FIRST) {
      shard.setCreateTime(TaskProtoMapper.timestamp(figures.shard().created()));
    }
    return shard.build();
  }

  private static ShardReason reason(Reason reason) {
    return switch (reason) {
      case FIRST -> ShardReason.SHARD_REASON_FIRST;
      case USERS -> ShardReason.SHARD_REASON_USERS;
      case MEMORY -> ShardReason.SHARD_REASON_MEMORY;
    };
  }
}
