package dev.weft.router.grpc;

import dev.weft.platform.id.IdGenerator;
import dev.weft.proto.internal.cell.v1.FetchLettersRequest;
import dev.weft.proto.internal.cell.v1.FetchLettersResponse;
import dev.weft.proto.internal.cell.v1.LetterServiceGrpc.LetterServiceImplBase;
import dev.weft.proto.internal.cell.v1.PurgeLettersRequest;
import dev.weft.proto.internal.cell.v1.PurgeLettersResponse;
import dev.weft.proto.internal.cell.v1.RedriveLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersResponse;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.router.app.DeadLetters;
import dev.weft.router.app.DeadLetters.Outcome;
import dev.weft.router.app.DeadLetters.Redriver;
import dev.weft.router.app.LetterQuery;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.task.TaskId;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Dead letters as the gateways see them. */
public final class LetterGrpcService extends LetterServiceImplBase {

  private static final int MOST_LISTED = 1_000;

  /** Their specs are held in memory at once, up to 64 KiB each. */
  private static final int MOST_REDRIVEN = 100;

  private final DeadLetters letters;
  private final TaskSpans spans;

  public LetterGrpcService(DeadLetters letters, TaskSpans spans) {
    this.letters = letters;
    this.spans = spans;
  }

  /** How the spec of a failed task, which was found good once, becomes a new task. */
  public static DeadLetters.Resubmission resubmission(IdGenerator ids, EffortPolicy efforts) {
    return (who, stored) ->
        SubmitProtoMapper.candidate(
                0,
                Submission.newBuilder()
                    .setTaskId(WireIds.text(TaskId.of(ids.next())))
                    .setTenant(who.tenant())
                    .setPrincipal(who.principal())
                    .setSpec(redrivable(TaskProtoMapper.spec(stored.spec())))
                    .build(),
                who.traceparent(),
                efforts)
            .submission();
  }

  /** An agent goes on in its next body by itself: nobody would obey a second one. */
  private static TaskSpec redrivable(TaskSpec spec) {
    if (spec.hasAgent()) {
      throw Denials.invalidField(
          new IllegalArgumentException(
              "task: the body of %s (expected: another kind of task)"
                  .formatted(spec.getAgent().getAgentId())));
    }
    return spec;
  }

  @Override
  public void fetchLetters(
      FetchLettersRequest request, StreamObserver<FetchLettersResponse> observer) {
    LetterQuery query =
        LetterProtoMapper.query(
            request.getTenant(),
            request.getFilter(),
            request.getShowRedriven(),
            new LetterProtoMapper.Page(request.getPageSize(), request.getPageToken(), MOST_LISTED));
    Answers.send(
        letters
            .list(query)
            .thenApply(
                page -> {
                  FetchLettersResponse.Builder response = FetchLettersResponse.newBuilder();
                  page.letters()
                      .forEach(one -> response.addDeadLetters(LetterProtoMapper.letter(one)));
                  page.next().map(LetterProtoMapper::token).ifPresent(response::setNextPageToken);
                  return response.build();
                }),
        observer);
  }

  @Override
  public void redriveLetters(
      RedriveLettersRequest request, StreamObserver<RedriveLettersResponse> observer) {
    Redriver who =
        new Redriver(
            request.getTenant(), request.getPrincipal(), spans.admitted(request.getTraceparent()));
    if (!request.getTaskId().isEmpty()) {
      TaskId id = WireQueries.task(request.getTaskId());
      Answers.send(
          named(id, letters.redrive(who, id).thenCompose(LetterGrpcService::one)), observer);
      return;
    }
    LetterQuery query =
        LetterProtoMapper.query(
            request.getTenant(),
            request.getFilter(),
            false,
            new LetterProtoMapper.Page(
                request.getPageSize(), request.getPageToken(), MOST_REDRIVEN));
    Answers.send(
        letters
            .redriveAll(who, query)
            .thenApply(
                page -> {
                  RedriveLettersResponse.Builder response = RedriveLettersResponse.newBuilder();
                  page.outcomes()
                      .forEach(one -> response.addResults(LetterProtoMapper.result(one)));
                  page.next().map(LetterProtoMapper::token).ifPresent(response::setNextPageToken);
                  return response.build();
                }),
        observer);
  }

  @Override
  public void purgeLetters(
      PurgeLettersRequest request, StreamObserver<PurgeLettersResponse> observer) {
    PurgeLettersResponse.Builder response = PurgeLettersResponse.newBuilder();
    if (!request.getTaskId().isEmpty()) {
      TaskId id = WireQueries.task(request.getTaskId());
      Answers.send(
          named(id, letters.purge(request.getTenant(), id))
              .thenApply(purged -> response.setPurgedCount(purged ? 1 : 0).build()),
          observer);
      return;
    }
    LetterQuery query =
        LetterProtoMapper.query(
            request.getTenant(),
            request.getFilter(),
            false,
            new LetterProtoMapper.Page(request.getPageSize(), request.getPageToken(), MOST_LISTED));
    Answers.send(
        letters
            .purgeAll(query)
            .thenApply(
                page -> {
                  page.next().map(LetterProtoMapper::token).ifPresent(response::setNextPageToken);
                  return response.setPurgedCount(page.purged()).build();
                }),
        observer);
  }

  /** Of a letter that was asked for by name a refusal is the call's own. */
  private static CompletionStage<RedriveLettersResponse> one(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        ? CompletableFuture.failedStage(refused.why())
        : CompletableFuture.completedStage(
            RedriveLettersResponse.newBuilder()
                .addResults(LetterProtoMapper.result(outcome))
                .build());
  }

  private static <T> CompletionStage<T> named(TaskId letter, CompletionStage<T> answer) {
    return answer.exceptionallyCompose(
        failure -> CompletableFuture.failedStage(LetterProtoMapper.failure(letter, failure)));
  }
}
