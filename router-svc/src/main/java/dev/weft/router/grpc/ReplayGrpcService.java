package dev.weft.router.grpc;

import dev.weft.proto.internal.cell.v1.ReplayServiceGrpc.ReplayServiceImplBase;
import dev.weft.proto.internal.cell.v1.RunReplayRequest;
import dev.weft.proto.internal.cell.v1.RunReplayResponse;
import dev.weft.router.app.PlacementReplays;
import dev.weft.router.app.ReplayQuestion;
import dev.weft.router.app.SpecTerms;
import dev.weft.router.domain.replay.Proposal;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Replays, as the gateways ask for them. */
public final class ReplayGrpcService extends ReplayServiceImplBase {

  private final PlacementReplays replays;
  private final InstantSource clock;
  private final int retentionDays;

  /**
   * @param retentionDays whole days for which what has ended is kept
   */
  public ReplayGrpcService(PlacementReplays replays, InstantSource clock, int retentionDays) {
    this.replays = replays;
    this.clock = clock;
    this.retentionDays = retentionDays;
  }

  /** How stored specs are read. */
  public static SpecTerms terms() {
    return SpecProtoMapper::terms;
  }

  @Override
  public void runReplay(RunReplayRequest request, StreamObserver<RunReplayResponse> observer) {
    Instant now = clock.instant();
    Instant kept = now.truncatedTo(ChronoUnit.DAYS).minus(retentionDays, ChronoUnit.DAYS);
    ReplayQuestion question = ReplayProtoMapper.question(request, now, kept);
    ServerCallStreamObserver<RunReplayResponse> call =
        (ServerCallStreamObserver<RunReplayResponse>) observer;
    Answers.send(
        replays
            .replay(question, call::isCancelled)
            .exceptionallyCompose(
                failure -> CompletableFuture.failedStage(ReplayGrpcService.named(failure))),
        report ->
            RunReplayResponse.newBuilder().setReport(ReplayProtoMapper.response(report)).build(),
        observer);
  }

  /** What makes no sense for the records is known only once these were read. */
  private static Throwable named(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof Proposal.Unfit wrong ? Denials.invalidField(wrong) : cause;
  }
}
