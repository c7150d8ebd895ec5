package dev.weft.gateway.forward;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.RunReplayResponse;
import dev.weft.proto.placement.v1.ReplayPlacementRequest;
import dev.weft.proto.placement.v1.ReplayPlacementResponse;
import io.grpc.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The contract's PlacementReplayService for a caller who may: asks whoever holds the cell. */
public final class ReplayForwarder {

  /** More than a replay's 5 s in the queue, 20 s at work and 5 s in its last statement. */
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(35);

  /** By so much a try's own deadline is later: it must never be what ends a replay. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final Holder cell;
  private final Duration leastPatience;

  public ReplayForwarder(Holder cell) {
    this(cell, LEAST_PATIENCE);
  }

  ReplayForwarder(Holder cell, Duration leastPatience) {
    this.cell = cell;
    this.leastPatience = leastPatience;
  }

  /** Of the caller's own tasks. Ends with the caller, or when it takes too long. */
  public CompletionStage<ReplayPlacementResponse> replay(
      Call call, ReplayPlacementRequest request) {
    UnknownFields.refuse(request);
    RunReplayRequest inner =
        RunReplayRequest.newBuilder().setTenant(call.tenant()).setQuestion(request).build();
    Duration patience =
        call.patience().compareTo(leastPatience) > 0 ? call.patience() : leastPatience;
    CompletableFuture<RunReplayResponse> answer = asked(inner, patience);
    Context.current().addListener(_ -> answer.cancel(false), Runnable::run);
    return Upstream.visible(
        answer
            .orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
            .exceptionallyCompose(failure -> CompletableFuture.failedStage(late(failure, patience)))
            .thenApply(RunReplayResponse::getReport),
        GatewayReason.CELL_UNAVAILABLE);
  }

  /**
   * Apart from the caller's deadline: a call that runs out of time says of the holder that it is
   * ill, and everybody's calls would go elsewhere. A cancelled one says nothing of it.
   */
  private CompletableFuture<RunReplayResponse> asked(RunReplayRequest request, Duration patience) {
    Context apart = Context.current().fork();
    Context before = apart.attach();
    try {
      return cell.callOnce(
              channel -> ReplayServiceGrpc.newFutureStub(channel).runReplay(request),
              patience.plus(MARGIN))
          .toCompletableFuture();
    } finally {
      apart.detach(before);
    }
  }

  private static Throwable late(Throwable failure, Duration patience) {
    return failure instanceof TimeoutException
        ? new MeshException(
            GatewayReason.CELL_UNAVAILABLE,
            "cell: no answer to a replay within %d s (expected: one)"
                .formatted(patience.toSeconds()),
            failure)
        : failure;
  }
}
