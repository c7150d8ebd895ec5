package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.EndTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchDecisionsRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.domain.placement.Workers;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CellGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aTaskRunsFromSubmitToResult() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    var assignment = worker.awaitAssignment(id);
    assertThat(assignment.getTenant()).isEqualTo("acme");
    assertThat(assignment.getSpec()).isEqualTo(RouterFixture.NOOP.toByteString());
    assertThat(assignment.getTraceparent()).startsWith("00-4bf92f35");
    assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_LEASED);

    worker.succeed(assignment.getKey(), TaskResult.newBuilder().setExitCode(0).build());

    await()
        .untilAsserted(
            () -> assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED));
    assertThat(fetch(id).hasResult()).isTrue();
    assertThat(fetch(id).hasEndTime()).isTrue();
    assertThat(worker.frames)
        .anyMatch(frame -> frame.getAckedResultsList().contains(assignment.getKey()));
  }

  @Test
  void whatAResultSaysOfLogAndChangesIsReadBack() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    TaskResult result =
        TaskResult.newBuilder()
            .setOutputLogged(true)
            .setOutputBytes(5_000_000)
            .setChangesArtifact("art_01hzzzzzzzzzzzzzzzzzzzzzzz")
            .setChangedPaths(12)
            .build();

    worker.succeed(worker.awaitAssignment(id).getKey(), result);

    await().untilAsserted(() -> assertThat(fetch(id).getResult()).isEqualTo(result));
  }

  @Test
  void theAnswerToASubmitIsTheTaskAsItWasCommittedLessTheSpecThatItsCallerHas() {
    Task task = router.submit(router.submission()).getAccepted().getTask();
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
    assertThat(task.getRevision()).isPositive();
    assertThat(task)
        .isEqualTo(
            fetch(task.getId()).toBuilder()
                .clearWaitingReason()
                .setSpec(TaskSpec.getDefaultInstance())
                .build());
  }

  @Test
  void eachItemOfABatchStandsByItself() {
    Submission good = router.submission().build();
    Submission bad = router.submission().clearSpec().build();
    Submission late = router.submission().setTaskId("tsk_00000000000000000000000001").build();
    List<SubmissionResult> results =
        router
            .cell()
            .submitTasks(
                SubmitTasksRequest.newBuilder()
                    .addSubmissions(bad)
                    .addSubmissions(good)
                    .addSubmissions(late)
                    .build())
            .getResultsList();
    assertThat(results.get(0).getProblem().getReason()).isEqualTo("INVALID_FIELD");
    assertThat(results.get(1).hasAccepted()).isTrue();
    assertThat(results.get(2).getProblem().getReason()).isEqualTo("TASK_ID_SKEWED");
    assertThat(results.get(2).getProblem().getMetadataMap()).containsKey("server_time");
  }

  @Test
  void fieldsOfLaterReleasesAreRefusedByName() {
    var spec = RouterFixture.NOOP.toBuilder().setAffinityKey("k");
    SubmissionResult result = router.submit(router.submission().setSpec(spec));
    assertThat(result.getProblem().getReason()).isEqualTo("FIELD_NOT_SUPPORTED_YET");
    assertThat(result.getProblem().getMetadataMap()).containsEntry("field", "spec.affinity_key");
  }

  @Test
  void theSameKeyGivesTheFirstTaskAndAnotherSpecAConflict() {
    String first =
        router.submit(router.submission().setRequestId("k")).getAccepted().getTask().getId();
    SubmissionResult again = router.submit(router.submission().setRequestId("k"));
    assertThat(again.getAccepted().getTask().getId()).isEqualTo(first);
    assertThat(again.getAccepted().getExisting()).isTrue();
    SubmissionResult other =
        router.submit(
            router
                .submission()
                .setRequestId("k")
                .setSpecDigest(ByteString.copyFromUtf8("another")));
    assertThat(other.getProblem().getReason()).isEqualTo("IDEMPOTENCY_CONFLICT");
    SubmissionResult elsewhere =
        router.submit(router.submission().setRequestId("k").setTenant("umbrella"));
    assertThat(elsewhere.getAccepted().getExisting()).as("keys are a tenant's own").isFalse();
  }

  @Test
  void aTaskSentAgainAfterATakeoverIsNotMadeTwice() {
    Submission.Builder submission = router.submission();
    router.submit(submission);
    router.placer.lost();
    router.holding();
    SubmissionResult again = router.submit(submission.setResent(true));
    assertThat(again.hasAccepted()).as("%s", again).isTrue();
    assertThat(router.store.tasks()).hasSize(1);
  }

  @Test
  void othersTasksAndUnknownOnesAreNotFound() {
    String id = router.accepted();
    assertReason("TASK_NOT_FOUND", () -> fetch("umbrella", id));
    assertReason(
        "TASK_NOT_FOUND",
        () ->
            router
                .cell()
                .endTask(EndTaskRequest.newBuilder().setTenant("umbrella").setTaskId(id).build()));
    assertReason(
        "TASK_NOT_FOUND",
        () ->
            router
                .cell()
                .followTask(
                    FollowTaskRequest.newBuilder().setTenant("umbrella").setTaskId(id).build())
                .next());
    assertReason("INVALID_FIELD", () -> fetch("acme", "tsk_nonsense"));
    assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
  }

  @Test
  void aCancelIsAnsweredWithTheTaskAsItIsThen() {
    String id = router.accepted();
    Task task = end(id);
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_CANCELLED);
    assertThat(task.getProblem().getReason()).isEqualTo("CANCELLED_BY_USER");
    assertThat(end(id)).as("idempotent").isEqualTo(task);
  }

  @Test
  void aRunningTaskIsShownAsRunningThoughNoCommitSaysSo() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    var key = worker.awaitAssignment(id).getKey();
    worker.send(dev.weft.proto.internal.work.v1.WorkerFrame.newBuilder().addStarted(key));
    await()
        .untilAsserted(
            () -> assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_RUNNING));
    FetchTasksResponse running = list(10, "", TaskState.TASK_STATE_RUNNING);
    assertThat(running.getTasksList()).extracting(Task::getId).containsExactly(id);
  }

  @Test
  void pagesLeadThroughAllTasksNewestFirst() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(router.accepted());
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      FetchTasksResponse page = list(2, token);
      page.getTasksList().forEach(task -> seen.add(task.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(ids);
    assertReason("INVALID_PAGE_TOKEN", () -> list(2, "%%"));
    assertReason("INVALID_FIELD", () -> list(1_001, ""));
  }

  @Test
  void openTasksAreListedFromMemory() {
    String waiting = router.accepted();
    String ended = router.accepted();
    end(ended);
    assertThat(list(10, "", TaskState.TASK_STATE_QUEUED).getTasksList())
        .extracting(Task::getId)
        .containsExactly(waiting);
    assertThat(list(10, "", TaskState.TASK_STATE_CANCELLED).getTasksList())
        .extracting(Task::getId)
        .containsExactly(ended);
  }

  @Test
  void aWatcherSeesTheWholeHistoryAndCanResumeInIt() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    Iterator<FollowTaskResponse> live = follow(id, "");
    assertThat(live.next().getEvent().getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
    TaskEvent leased = live.next().getEvent();
    assertThat(leased.getState()).isEqualTo(TaskState.TASK_STATE_LEASED);
    assertThat(leased.getWorkerId()).isEqualTo(WireIds.text(Workers.id(1)));

    worker.succeed(worker.awaitAssignment(id).getKey(), TaskResult.getDefaultInstance());

    assertThat(live.next().getEvent().getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    assertThat(live.hasNext()).as("the stream ends with the task").isFalse();
    Iterator<FollowTaskResponse> resumed = follow(id, leased.getCursor());
    assertThat(resumed.next().getEvent().getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    assertThat(resumed.hasNext()).isFalse();
    assertReason("INVALID_CURSOR", () -> follow(id, "yesterday").next());
    assertReason("INVALID_CURSOR", () -> follow(id, "999999999999999999.0").next());
  }

  @Test
  void whyAWorkerWasChosenCanBeReadBack() {
    router.worker(1).greeted();
    router.worker(2).greeted();
    String id = router.accepted();
    Decision decision = decisions(id).getFirst();
    assertThat(decision.getTaskId()).isEqualTo(id);
    assertThat(decision.getAttempt()).isEqualTo(1);
    assertThat(decision.getWeightsVersion()).isEqualTo("standard-1");
    assertThat(decision.getCandidatesList()).hasSize(2);
    assertThat(decision.getCandidates(0).getWorkerId()).isEqualTo(decision.getWorkerId());
  }

  @Test
  void anUnfulfillableTaskSaysWhatWouldFulfilIt() {
    router.worker(1).greeted();
    var spec =
        RouterFixture.NOOP.toBuilder().setRequirements(Requirements.newBuilder().setRegion("mars"));
    String id = router.submit(router.submission().setSpec(spec)).getAccepted().getTask().getId();
    assertThat(fetch(id).getWaitingReason())
        .isEqualTo("join a worker with executor noop, region mars");
    Decision decision = decisions(id).getFirst();
    assertThat(decision.getWorkerId()).isEmpty();
    assertThat(decision.getRemedy()).contains("region mars");
    assertThat(decision.getRejections(0).getReason()).isEqualTo("REGION");
  }

  @Test
  void aDrainIsFollowedByAskingAgain() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    var key = worker.awaitAssignment(id).getKey();
    assertThat(drain().getDrained()).isFalse();
    await().untilAsserted(() -> assertThat(worker.frames).anyMatch(frame -> frame.hasDrain()));
    worker.succeed(key, TaskResult.getDefaultInstance());
    await().untilAsserted(() -> assertThat(drain().getDrained()).isTrue());
    assertReason(
        "WORKER_NOT_FOUND",
        () ->
            router
                .cell()
                .beginDrain(
                    BeginDrainRequest.newBuilder()
                        .setWorkerId(WireIds.text(Workers.id(99)))
                        .build()));
  }

  @Test
  void aReplicaThatDoesNotHoldNamesTheHolder() {
    router.placer.lost();
    MeshProblem problem = assertReason("NOT_HOLDER", () -> fetch(id()));
    assertThat(problem.metadata()).containsEntry("address", "there:7111");
    assertReason("NOT_HOLDER", () -> router.submit(router.submission()));
  }

  @Test
  void watchersAreSentToTheNextHolder() {
    String id = router.accepted();
    List<Throwable> ends = new CopyOnWriteArrayList<>();
    List<FollowTaskResponse> steps = new CopyOnWriteArrayList<>();
    router
        .cellAsync()
        .followTask(
            FollowTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(FollowTaskResponse step) {
                steps.add(step);
              }

              @Override
              public void onError(Throwable cause) {
                ends.add(cause);
              }

              @Override
              public void onCompleted() {}
            });
    await().untilAsserted(() -> assertThat(steps).isNotEmpty());
    router.placer.lost();
    await()
        .untilAsserted(
            () ->
                assertThat(ends)
                    .singleElement()
                    .extracting(end -> StatusMapper.fromStatus(end).reason())
                    .isEqualTo("NOT_HOLDER"));
  }

  @Test
  void admissionIsRefusedOnceTheDatabaseIsAwayForTwoSeconds() {
    router.journal.mode(FakeCellJournal.Mode.AWAY);
    router
        .cellAsync()
        .submitTasks(
            SubmitTasksRequest.newBuilder().addSubmissions(router.submission()).build(),
            new Ignored());
    await().untilAsserted(() -> assertThat(router.placer.awayMillis()).isGreaterThan(2_000));
    assertThat(router.submit(router.submission()).getProblem().getReason())
        .isEqualTo("CELL_UNAVAILABLE");
    router.journal.mode(FakeCellJournal.Mode.WELL);
    await().untilAsserted(() -> assertThat(router.store.tasks()).hasSize(1));
  }

  private String id() {
    return router.submission().getTaskId();
  }

  private Task fetch(String id) {
    return fetch("acme", id);
  }

  private Task fetch(String tenant, String id) {
    return router
        .cell()
        .fetchTask(FetchTaskRequest.newBuilder().setTenant(tenant).setTaskId(id).build())
        .getTask();
  }

  private Task end(String id) {
    return router
        .cell()
        .endTask(EndTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getTask();
  }

  private FetchTasksResponse list(int size, String token, TaskState... states) {
    return router
        .cell()
        .fetchTasks(
            FetchTasksRequest.newBuilder()
                .setTenant("acme")
                .setPageSize(size)
                .setPageToken(token)
                .addAllStates(List.of(states))
                .build());
  }

  private Iterator<FollowTaskResponse> follow(String id, String cursor) {
    return router
        .cell()
        .followTask(
            FollowTaskRequest.newBuilder()
                .setTenant("acme")
                .setTaskId(id)
                .setAfterCursor(cursor)
                .build());
  }

  private List<Decision> decisions(String id) {
    return router
        .cell()
        .fetchDecisions(FetchDecisionsRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getDecisionsList();
  }

  private dev.weft.proto.internal.cell.v1.BeginDrainResponse drain() {
    return router
        .cell()
        .beginDrain(
            BeginDrainRequest.newBuilder()
                .setWorkerId(WireIds.text(Workers.id(1)))
                .setGrace(Duration.newBuilder().setSeconds(30))
                .build());
  }

  private static MeshProblem assertReason(String reason, Callable<?> call) {
    try {
      Object answer = call.call();
      throw new AssertionError("answered: " + answer);
    } catch (StatusRuntimeException e) {
      MeshProblem problem = StatusMapper.fromStatus(e);
      assertThat(problem.reason()).isEqualTo(reason);
      return problem;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Nobody waits for the answer. */
  private static final class Ignored
      implements StreamObserver<dev.weft.proto.internal.cell.v1.SubmitTasksResponse> {
    @Override
    public void onNext(dev.weft.proto.internal.cell.v1.SubmitTasksResponse response) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }
}
