package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.proto.internal.cell.v1.FetchLettersRequest;
import dev.weft.proto.internal.cell.v1.PurgeLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersRequest;
import dev.weft.proto.internal.cell.v1.RedriveLettersResponse;
import dev.weft.proto.internal.work.v1.AttemptKey;
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

  private final RouterFixture router = new RouterFixture().holding();
  private TestWorker worker;
  private LetterCalls calls;

  @BeforeEach
  void join() {
    worker = router.worker(1).greeted();
    calls = new LetterCalls(router, worker);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aFailedTaskIsListedWithItsReason() {
    String id = calls.dead("EXIT_NONZERO");

    DeadLetter letter = calls.list(DeadLetterFilter.getDefaultInstance()).getDeadLetters(0);

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
        LetterCalls.ONCE.toBuilder()
            .setRetryPolicy(
                RetryPolicy.newBuilder()
                    .setMaxRetries(1)
                    .setInitialBackoff(
                        com.google.protobuf.Duration.newBuilder().setNanos(1_000_000)))
            .build();
    String id = calls.submitted(twice);
    calls.fail(worker.awaitAssignment(id).getKey(), "FIRST");
    await()
        .untilAsserted(
            () ->
                assertThat(worker.assignments())
                    .anyMatch(
                        one ->
                            one.getKey().getTaskId().equals(id) && one.getKey().getAttempt() == 2));
    AttemptKey second = worker.assignments().getLast().getKey();
    calls.fail(second, "SECOND");
    calls.awaitFailed(id);

    assertThat(calls.fetch(id).getEndedAttemptsList())
        .extracting(Attempt::getNumber, Attempt::getState, one -> one.getProblem().getReason())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, AttemptState.ATTEMPT_STATE_FAILED, "FIRST"),
            org.assertj.core.groups.Tuple.tuple(2, AttemptState.ATTEMPT_STATE_FAILED, "SECOND"));
    assertThat(calls.fetch(id).getProblem().getReason()).isEqualTo("SECOND");
  }

  @Test
  void redriveRunsTheSameSpecAgainAndBothTasksNameEachOther() {
    String id = calls.dead("EXIT_NONZERO");

    RedrivenTask redriven = calls.redrive(id);

    assertThat(redriven.getExisting()).isFalse();
    Task again = calls.fetch(redriven.getTaskId());
    assertThat(again.getSpec()).isEqualTo(LetterCalls.ONCE);
    assertThat(again.getRedriveOf()).isEqualTo(id);
    assertThat(calls.fetch(id).getRedrivenAs()).isEqualTo(redriven.getTaskId());
    assertThat(calls.fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
    assertThat(calls.list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList()).isEmpty();
    worker.awaitAssignment(redriven.getTaskId());
  }

  @Test
  void everyLaterRedriveNamesTheFirstOnesTask() {
    String id = calls.dead("EXIT_NONZERO");
    RedrivenTask first = calls.redrive(id);

    assertThat(calls.redrive(id)).isEqualTo(first.toBuilder().setExisting(true).build());

    router.placer.lost();
    router.holding();
    assertThat(calls.redrive(id)).isEqualTo(first.toBuilder().setExisting(true).build());
  }

  @Test
  void redrivesThatRaceMakeOneTask() {
    String id = calls.dead("EXIT_NONZERO");
    Set<String> made = new ConcurrentSkipListSet<>();

    List<CompletableFuture<Void>> racers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      racers.add(CompletableFuture.runAsync(() -> made.add(calls.redrive(id).getTaskId())));
    }
    racers.forEach(CompletableFuture::join);

    assertThat(made).hasSize(1);
    assertThat(router.store.tasks()).hasSize(2);
  }

  @Test
  void redriveWhoseCommitReplyIsLostIsStillOneTask() {
    String id = calls.dead("EXIT_NONZERO");
    router.journal.mode(FakeCellJournal.Mode.REPLY_LOST);

    RedrivenTask first = calls.redrive(id);

    assertThat(calls.redrive(id).getTaskId()).isEqualTo(first.getTaskId());
    assertThat(router.store.tasks()).hasSize(2);
  }

  @Test
  void lettersAreRedrivenByFilterInPages() {
    List<String> poisoned =
        List.of(calls.dead("POISON"), calls.dead("POISON"), calls.dead("POISON"));
    String other = calls.dead("EXIT_NONZERO");
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
    assertThat(calls.list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList())
        .extracting(DeadLetter::getTaskId)
        .containsExactly(other);
  }

  @Test
  void purgedLettersAreGoneAndTheTasksAreNot() {
    String one = calls.dead("POISON");
    String two = calls.dead("EXIT_NONZERO");

    assertThat(calls.purge(one)).isEqualTo(1);
    assertThat(calls.purge(one)).isZero();
    assertThat(
            router
                .letters()
                .purgeLetters(PurgeLettersRequest.newBuilder().setTenant("acme").build())
                .getPurgedCount())
        .isEqualTo(1);

    assertThat(calls.list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList()).isEmpty();
    assertThat(calls.fetch(one).getProblem().getReason()).isEqualTo("POISON");
    assertThat(LetterCalls.reason(() -> calls.redrive(two))).isEqualTo("DEAD_LETTER_NOT_FOUND");
  }

  @Test
  void whatIsNoLetterOfTheTenantIsNotFound() {
    String id = calls.dead("EXIT_NONZERO");
    String running = calls.submitted(LetterCalls.ONCE);

    assertThat(LetterCalls.reason(() -> calls.redrive(running))).isEqualTo("DEAD_LETTER_NOT_FOUND");
    assertThat(
            LetterCalls.reason(
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
            LetterCalls.reason(
                () ->
                    router
                        .letters()
                        .purgeLetters(
                            PurgeLettersRequest.newBuilder()
                                .setTenant("other")
                                .setTaskId(id)
                                .build())))
        .isEqualTo("DEAD_LETTER_NOT_FOUND");
    assertThat(calls.list(DeadLetterFilter.getDefaultInstance()).getDeadLettersList()).hasSize(1);
  }

  @Test
  void aStandbySendsToTheHolderAndChangesNothing() {
    String id = calls.dead("EXIT_NONZERO");
    router.standsBy();

    assertThat(LetterCalls.reason(() -> calls.redrive(id))).isEqualTo("NOT_HOLDER");
    assertThat(LetterCalls.reason(() -> calls.purge(id))).isEqualTo("NOT_HOLDER");
    router.holding();

    assertThat(calls.redrive(id).getExisting()).isFalse();
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(LetterCalls.reason(() -> calls.redrive("tsk_none"))).isEqualTo("INVALID_FIELD");
    assertThat(
            LetterCalls.reason(
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
            LetterCalls.reason(
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
}
