package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.RunReplayResponse;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The contract's PlacementReplayService for a caller who may: asks whoever holds the cell. */
public final class ReplayForwarder {

  /** A little more than a replay may take. */
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(25);

  private final Holder cell;

  public ReplayForwarder(Holder cell) {
    this.cell = cell;
  }

  /** Of the caller's own tasks. */
  public CompletionStage<ReplayPlacementResponse> replay(
      Call call, ReplayPlacementRequest request) {
    UnknownFields.refuse(request);
    RunReplayRequest inner =
        RunReplayRequest.newBuilder().setTenant(call.tenant()).setQuestion(request).build();
    Duration patience =
        call.patience().compareTo(LEAST_PATIENCE) > 0 ? call.patience() : LEAST_PATIENCE;
    return Upstream.visible(
        cell.call(channel -> ReplayServiceGrpc.newFutureStub(channel).runReplay(inner), patience)
            .thenApply(RunReplayResponse::getReport),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
