package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.FetchLettersRequest;
import dev.weft.proto.internal.cell.v1.FetchLettersResponse;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.PurgeLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersResponse;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.DeadLetter;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.RedrivenTask;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.app.FakeCellJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters through a whole router. */
class LetterGrpcServiceTest {

  private static final TaskSpec ONCE =
      RouterFixture.NOOP.toBuilder()
          .setPriorityClass(PriorityClass.PRIORITY_CLASS_P3)
          .setDisplayName("fragile")
          .setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(0))
          .build();

  private final RouterFixture router = new RouterFixture().holding();
  private TestWorker worker;

  @BeforeEach
  void join() {
    worker = router.worker(1).greeted();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aFailedTaskIsListedWithItsReason() {
    String id = dead("EXIT_NONZERO");

    DeadLetter letter = list(DeadLetterFilter.getDefaultInstance()).getDeadLetters(0);

    assertThat(letter.getTaskId()).isEqualTo(id);
    assertThat(letter.getAttempts()).isEqualTo(1);
    assertThat(letter.getProblem().getReason()).isEqualTo("EXIT_NONZERO");
    assertThat(letter.getPriorityClass()).isEqualTo(PriorityClass.PRIORITY_CLASS_P3);
    assertThat(letter.hasEndTime()).isTrue();
    assertThat(letter.getRedrivenAs()).isEmpty();
  }

  @Test
  void everyAttemptsErrorIsShownAlsoTheLast() {
    TaskSpec twice =
        ONCE.toBuilder()
            .setRetryPolicy(
                RetryPolicy.newBuilder()
                    .setMaxRetries(1)
                    .setInitialBackoff(
                        com.google.protobuf.Duration.newBuilder().setNanos(1_000_000)))
            .build();
    String id = submitted(twice);
    fail(worker.awaitAssignment(id).getKey(), "FIRST");
    await()
        .untilAsserted(
            () ->
                assertThat(worker.assignments())
                    .anyMatch(
                        one ->
                            one.getKey().getTaskId().equals(id) && one.getKey().getAttempt() == 2));
    AttemptKey second = worker.assignments().getLast().getKey();
    fail(second, "SECOND");
    awaitFailed(id);

    assertThat(fetch(id).getEndedAttemptsList())
        .extracting(Attempt::getNumber, Attempt::getState, one -> one.getProblem().getReason())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, AttemptState.ATTEMPT_STATE_FAILED, "FIRST"),
            org.assertj.core.groups.Tuple.tuple(2, AttemptState.ATTEMPT_STATE_FAILED, "SECOND"));
    assertThat(fetch(id).getProblem().getReason()).isEqualTo("SECOND");
  }

  @Test
  void redriveRunsTheSameSpecAgainAndBothTasksNameEachOther() {
    String id = dead("EXIT_NONZERO");

    RedrivenTask redriven = redrive(id);

    assertThat(redriven.getExisting()).isFalse();
    Task again = fetch(redriven.getTaskId());
    assertThat(again.getSpec()).isEqualTo(ONCE);
    assertThat(again.getRedriveOf()).isEqualTo(id);
    assertThat(fetch(id).getRedrivenAs()).isEqualTo(redriven.getTaskId());
    assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
    assertThat(list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList()).isEmpty();
    worker.awaitAssignment(redriven.getTaskId());
  }

  @Test
  void everyLaterRedriveNamesTheFirstOnesTask() {
    String id = dead("EXIT_NONZERO");
    RedrivenTask first = redrive(id);

    assertThat(redrive(id)).isEqualTo(first.toBuilder().setExisting(true).build());

    router.placer.lost();
    router.holding();
    assertThat(redrive(id)).isEqualTo(first.toBuilder().setExisting(true).build());
  }

  @Test
  void redrivesThatRaceMakeOneTask() {
    String id = dead("EXIT_NONZERO");
    Set<String> made = new ConcurrentSkipListSet<>();

    List<CompletableFuture<Void>> racers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      racers.add(CompletableFuture.runAsync(() -> made.add(redrive(id).getTaskId())));
    }
    racers.forEach(CompletableFuture::join);

    assertThat(made).hasSize(1);
    assertThat(router.store.tasks()).hasSize(2);
  }

  @Test
  void redriveWhoseCommitReplyIsLostIsStillOneTask() {
    String id = dead("EXIT_NONZERO");
    router.journal.mode(FakeCellJournal.Mode.REPLY_LOST);

    RedrivenTask first = redrive(id);

    assertThat(redrive(id).getTaskId()).isEqualTo(first.getTaskId());
    assertThat(router.store.tasks()).hasSize(2);
  }

  @Test
  void lettersAreRedrivenByFilterInPages() {
    List<String> poisoned = List.of(dead("POISON"), dead("POISON"), dead("POISON"));
    String other = dead("EXIT_NONZERO");
    RedriveLettersRequest.Builder request =
        RedriveLettersRequest.newBuilder()
            .setTenant("acme")
            .setFilter(DeadLetterFilter.newBuilder().addReasons("POISON"))
            .setPageSize(2);

    RedriveLettersResponse first = router.letters().redriveLetters(request.build());
    RedriveLettersResponse second =
        router.letters().redriveLetters(request.setPageToken(first.getNextPageToken()).build());

    List<String> met = new ArrayList<>();
    first.getResultsList().forEach(one -> met.add(one.getTaskId()));
    second.getResultsList().forEach(one -> met.add(one.getTaskId()));
    assertThat(first.getResultsList()).hasSize(2).allMatch(one -> one.hasRedriven());
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(met).containsExactlyInAnyOrderElementsOf(poisoned);
    assertThat(list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList())
        .extracting(DeadLetter::getTaskId)
        .containsExactly(other);
  }

  @Test
  void purgedLettersAreGoneAndTheTasksAreNot() {
    String one = dead("POISON");
    String two = dead("EXIT_NONZERO");

    assertThat(purge(one)).isEqualTo(1);
    assertThat(purge(one)).isZero();
    assertThat(
            router
                .letters()
                .purgeLetters(PurgeLettersRequest.newBuilder().setTenant("acme").build())
                .getPurgedCount())
        .isEqualTo(1);

    assertThat(list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList()).isEmpty();
    assertThat(fetch(one).getProblem().getReason()).isEqualTo("POISON");
    assertThat(reason(() -> redrive(two))).isEqualTo("DEAD_LETTER_NOT_FOUND");
  }

  @Test
  void whatIsNoLetterOfTheTenantIsNotFound() {
    String id = dead("EXIT_NONZERO");
    String running = submitted(ONCE);

    assertThat(reason(() -> redrive(running))).isEqualTo("DEAD_LETTER_NOT_FOUND");
    assertThat(
            reason(
                () ->
                    router
                        .letters()
                        .redriveLetters(
                            RedriveLettersRequest.newBuilder()
                                .setTenant("other")
                                .setTaskId(id)
                                .build())))
        .isEqualTo("DEAD_LETTER_NOT_FOUND");
    assertThat(
            reason(
                () ->
                    router
                        .letters()
                        .purgeLetters(
                            PurgeLettersRequest.newBuilder()
                                .setTenant("other")
                                .setTaskId(id)
                                .build())))
        .isEqualTo("DEAD_LETTER_NOT_FOUND");
    assertThat(list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList()).hasSize(1);
  }

  @Test
  void aStandbySendsToTheHolderAndChangesNothing() {
    String id = dead("EXIT_NONZERO");
    router.placer.lost();

    assertThat(reason(() -> redrive(id))).isEqualTo("NOT_HOLDER");
    assertThat(reason(() -> purge(id))).isEqualTo("NOT_HOLDER");
    router.holding();

    assertThat(redrive(id).getExisting()).isFalse();
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(reason(() -> redrive("tsk_none"))).isEqualTo("INVALID_FIELD");
    assertThat(
            reason(
                () ->
                    router
                        .letters()
                        .fetchLetters(
                            FetchLettersRequest.newBuilder()
                                .setTenant("acme")
                                .setPageToken("nonsense")
                                .build())))
        .isEqualTo("INVALID_PAGE_TOKEN");
    assertThat(
            reason(
                () ->
                    router
                        .letters()
                        .redriveLetters(
                            RedriveLettersRequest.newBuilder()
                                .setTenant("acme")
                                .setPageSize(101)
                                .build())))
        .isEqualTo("INVALID_FIELD");
  }

  private String submitted(TaskSpec spec) {
    return router.submit(router.submission().setSpec(spec)).getAccepted().getTask().getId();
  }

  private String dead(String reason) {
    String id = submitted(ONCE);
    fail(worker.awaitAssignment(id).getKey(), reason);
    awaitFailed(id);
    return id;
  }

  private void awaitFailed(String id) {
    await()
        .untilAsserted(
            () -> assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_FAILED));
  }

  private void fail(AttemptKey key, String reason) {
    worker.send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(key)
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_FAILED)
                    .setProblem(Problem.newBuilder().setCode(10).setReason(reason))));
  }

  private Task fetch(String id) {
    return router
        .cell()
        .fetchTask(FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getTask();
  }

  private FetchLettersResponse list(DeadLetterFilter filter) {
    return router
        .letters()
        .fetchLetters(FetchLettersRequest.newBuilder().setTenant("acme").setFilter(filter).build());
  }

  private RedrivenTask redrive(String id) {
    return router
        .letters()
        .redriveLetters(RedriveLettersRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getResults(0)
        .getRedriven();
  }

  private int purge(String id) {
    return router
        .letters()
        .purgeLetters(PurgeLettersRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getPurgedCount();
  }

  private static String reason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable[] failure = new Throwable[1];
    assertThatThrownBy(call).satisfies(thrown -> failure[0] = thrown);
    return StatusMapper.fromStatus(failure[0]).reason();
  }
}
