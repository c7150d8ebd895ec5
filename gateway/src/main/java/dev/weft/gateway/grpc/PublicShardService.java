package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.ShardForwarder;
import dev.weft.proto.placement.v1.ListShardsRequest;
import dev.weft.proto.placement.v1.ListShardsResponse;
import dev.weft.proto.placement.v1.ShardServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.placement.v1.ShardService. */
@GrpcService
public class PublicShardService implements BindableService, ShardServiceGrpc.AsyncService {

  private final ShardForwarder shards;

  public PublicShardService(ShardForwarder shards) {
    this.shards = shards;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(ShardServiceGrpc.bindService(this));
  }

  @Override
  public void listShards(ListShardsRequest request, StreamObserver<ListShardsResponse> observer) {
    GrpcCalls.answer(observer, () -> shards.list(GrpcCalls.current(), request));
  }
}
