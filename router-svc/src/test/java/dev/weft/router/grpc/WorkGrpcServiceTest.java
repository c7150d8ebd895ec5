package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.AttemptTokens;
import dev.weft.proto.internal.work.v1.LeaseRenewal;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.internal.work.v1.RejectedAssignment;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.tasks.v1.Budget;
import dev.weft.proto.tasks.v1.ModelTokens;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.domain.placement.Workers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aWorkerIsWelcomedWithTheEpochAndTheLease() {
    TestWorker worker = router.worker(1).greeted();
    assertThat(worker.welcomes.getFirst().getEpoch()).isEqualTo(1);
    assertThat(worker.welcomes.getFirst().getProtocolVersion()).isEqualTo(1);
    assertThat(worker.welcomes.getFirst().getLeaseTtl().getSeconds()).isEqualTo(10);
  }

  @Test
  void aWorkerSpeaksOnlyForItself() {
    TestWorker thief = router.dial(1);
    thief.send(thief.hello().setWorkerId(WireIds.text(Workers.id(2))));
    assertThat(end(thief).reason()).isEqualTo("PERMISSION_DENIED");
  }

  @Test
  void anUnknownProtocolIsRefusedWithTheOneThatIsSpoken() {
    TestWorker old = router.dial(1);
    old.send(old.hello().setProtocolVersion(9));
    MeshProblem problem = end(old);
    assertThat(problem.reason()).isEqualTo("UNSUPPORTED_PROTOCOL");
    assertThat(problem.metadata()).containsEntry("supported", "1");
  }

  @Test
  void anUnknownFeatureIsIgnored() {
    TestWorker worker = router.worker(1);
    worker.send(worker.hello().addFeatures("teleport"));
    await().untilAsserted(() -> assertThat(worker.welcomes).hasSize(1));
    assertThat(worker.welcomes.getFirst().getFeaturesList()).isEmpty();
  }

  @Test
  void aTaskThatHasUsedItsTokensIsEndedAndShownWithThem() {
    TestWorker worker = router.worker(1).greeted();
    TaskSpec capped =
        RouterFixture.NOOP.toBuilder().setBudget(Budget.newBuilder().setLlmTokens(100)).build();
    String id = router.submit(router.submission().setSpec(capped)).getAccepted().getTask().getId();
    AttemptKey key = worker.awaitAssignment(id).getKey();
    ModelTokens used =
        ModelTokens.newBuilder().setModel("small").setInputTokens(90).setOutputTokens(11).build();

    worker.send(
        WorkerFrame.newBuilder().addTokens(AttemptTokens.newBuilder().setKey(key).addModels(used)));

    await()
        .untilAsserted(
            () ->
                assertThat(worker.frames.stream().flatMap(one -> one.getCancelsList().stream()))
                    .containsExactly(key));
    Task task =
        router
            .cell()
            .fetchTask(FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
            .getTask();
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
    assertThat(task.getProblem().getReason()).isEqualTo("BUDGET_EXHAUSTED");
    assertThat(task.getProblem().getMetadataMap())
        .containsEntry("scope", "tokens")
        .containsEntry("spent", "101");
    assertThat(task.getModelTokensList()).containsExactly(used);
  }

  @Test
  void nothingIsTakenBeforeHello() {
    TestWorker worker = router.dial(1);
    worker.send(WorkerFrame.newBuilder().setDraining(true));
    assertThat(end(worker).reason()).isEqualTo("HELLO_MISSING");
  }

  @Test
  void anotherReplicasAddressIsToldToAWorkerThatDialsHere() {
    router.standsBy();
    TestWorker worker = router.dial(1);
    worker.send(worker.hello());
    MeshProblem problem = end(worker);
    assertThat(problem.reason()).isEqualTo("NOT_HOLDER");
    assertThat(problem.metadata()).containsEntry("address", "there:7111");
  }

  @Test
  void aLostCellClosesTheStreams() {
    TestWorker worker = router.worker(1).greeted();
    router.placer.lost();
    assertThat(end(worker).reason()).isEqualTo("NOT_HOLDER");
  }

  @Test
  void renewalsAreAckedByNumberAlsoWhileTheDatabaseIsAway() {
    TestWorker worker = router.worker(1).greeted();
    router.journal.mode(FakeCellJournal.Mode.AWAY);
    worker.send(WorkerFrame.newBuilder().setRenewal(LeaseRenewal.newBuilder().setNumber(41)));
    await()
        .untilAsserted(
            () -> assertThat(worker.frames).extracting(PlacerFrame::getAckedRenewal).contains(41L));
    router.journal.mode(FakeCellJournal.Mode.WELL);
  }

  @Test
  void theLeasesOfOneCommitComeInOneFrame() {
    TestWorker worker = router.worker(1).greeted();
    SubmitTasksRequest.Builder submit = SubmitTasksRequest.newBuilder();
    for (int i = 0; i < 5; i++) {
      submit.addSubmissions(router.submission());
    }
    CompletableFuture<Void> standing = new CompletableFuture<>();
    router.placer.tell(cell -> standing.join(), denial -> {});
    CompletableFuture<SubmitTasksResponse> answer =
        CompletableFuture.supplyAsync(() -> router.cell().submitTasks(submit.build()));
    await().untilAsserted(() -> assertThat(router.placer.backlog()).isEqualTo(5));

    standing.complete(null);

    assertThat(answer.join().getResultsList()).allMatch(SubmissionResult::hasAccepted);
    await().untilAsserted(() -> assertThat(worker.assignments()).hasSize(5));
    assertThat(worker.frames)
        .filteredOn(frame -> frame.getAssignmentsCount() > 0)
        .singleElement()
        .extracting(PlacerFrame::getAssignmentsCount)
        .isEqualTo(5);
  }

  @Test
  void aClosedStreamsWorkGoesElsewhereAfterTheGrace() {
    TestWorker first = router.worker(1).greeted();
    String id = router.accepted();
    AttemptKey key = first.awaitAssignment(id).getKey();
    TestWorker second = router.worker(2).greeted();
    long closed = System.nanoTime();
    first.up.onError(new IllegalStateException("killed"));
    AttemptKey next = second.awaitAssignment(id).getKey();
    assertThat(Duration.ofNanos(System.nanoTime() - closed))
        .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(5));
    assertThat(next.getFence()).isGreaterThan(key.getFence());
    assertThat(next.getAttempt()).isEqualTo(2);
  }

  @Test
  void aReconnectedWorkerGoesOnAndItsResultCounts() {
    TestWorker first = router.worker(1).greeted();
    String id = router.accepted();
    AttemptKey key = first.awaitAssignment(id).getKey();
    first.up.onError(new IllegalStateException("network"));
    TestWorker again = router.dial(1);
    again.send(again.hello().addRunning(key));
    await().untilAsserted(() -> assertThat(again.welcomes).hasSize(1));
    assertThat(again.welcomes.getFirst().getAdoptList()).containsExactly(key);
    again.succeed(key, TaskResult.newBuilder().setExitCode(0).build());
    await().untilAsserted(() -> assertThat(state(id)).isEqualTo(TaskState.TASK_STATE_SUCCEEDED));
  }

  @Test
  void whatDidNotFitIsPlacedAgainWithoutCost() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    AttemptKey key = worker.awaitAssignment(id).getKey();
    worker.send(
        WorkerFrame.newBuilder()
            .addRejected(RejectedAssignment.newBuilder().setKey(key).setReason("no memory")));
    await()
        .untilAsserted(
            () -> assertThat(worker.assignments()).anyMatch(one -> one.getKey().getAttempt() == 2));
  }

  @Test
  void aFailureWithoutARetryIsADeadLetterWithItsOutput() {
    TestWorker worker = router.worker(1).greeted();
    var spec = RouterFixture.NOOP.toBuilder();
    spec.getRetryPolicyBuilder().setMaxRetries(0);
    String id = router.submit(router.submission().setSpec(spec)).getAccepted().getTask().getId();
    AttemptKey key = worker.awaitAssignment(id).getKey();
    worker.send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(key)
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_FAILED)
                    .setResult(TaskResult.newBuilder().setExitCode(7))
                    .setProblem(
                        dev.weft.proto.common.v1.Problem.newBuilder()
                            .setCode(10)
                            .setReason("EXIT_NONZERO")
                            .setMessage("exit code: 7 (expected: 0)"))));
    await().untilAsserted(() -> assertThat(state(id)).isEqualTo(TaskState.TASK_STATE_FAILED));
    var task =
        router
            .cell()
            .fetchTask(FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
            .getTask();
    assertThat(task.getProblem().getReason()).isEqualTo("EXIT_NONZERO");
    assertThat(task.getResult().getExitCode()).isEqualTo(7);
    assertThat(task.getEndedAttemptsList()).hasSize(1);
  }

  private TaskState state(String id) {
    return router
        .cell()
        .fetchTask(FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getTask()
        .getState();
  }

  private static MeshProblem end(TestWorker worker) {
    await().untilAsserted(() -> assertThat(worker.failure).isNotNull());
    return StatusMapper.fromStatus(Objects.requireNonNull(worker.failure));
  }
}
