package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.proto.internal.cell.v1.FetchShardsRequest;
import dev.weft.proto.internal.cell.v1.ShardTableServiceGrpc;
import dev.weft.proto.placement.v1.ListShardsRequest;
import dev.weft.proto.placement.v1.ListShardsResponse;
import java.util.concurrent.CompletionStage;

/** The contract's ShardService for a caller who may: asks whoever holds the cell. */
public final class ShardForwarder {

  private final Holder cell;

  public ShardForwarder(Holder cell) {
    this.cell = cell;
  }

  public CompletionStage<ListShardsResponse> list(Call call, ListShardsRequest request) {
    UnknownFields.refuse(request);
    return Upstream.visible(
            cell.call(
                channel ->
                    ShardTableServiceGrpc.newFutureStub(channel)
                        .fetchShards(FetchShardsRequest.getDefaultInstance()),
                call.patience()),
            GatewayReason.CELL_UNAVAILABLE)
        .thenApply(
            found ->
                ListShardsResponse.newBuilder()
                    .addAllShards(found.getShardsList())
                    .setTargetUsers(found.getTargetUsers())
                    .setVersion(found.getVersion())
                    .build());
  }
}
