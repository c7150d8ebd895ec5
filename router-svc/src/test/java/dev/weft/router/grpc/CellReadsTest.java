package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.EndTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.domain.placement.Workers;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can be read, listed and watched of tasks. */
class CellReadsTest {

  private final RouterFixture router = new RouterFixture().holding();
  private final CellCalls calls = new CellCalls(router);

  @AfterEach
  void stop() {
    router.close();
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

    await().untilAsserted(() -> assertThat(calls.fetch(id).getResult()).isEqualTo(result));
  }

  @Test
  void othersTasksAndUnknownOnesAreNotFound() {
    String id = router.accepted();
    CellCalls.assertReason("TASK_NOT_FOUND", () -> calls.fetch("umbrella", id));
    CellCalls.assertReason(
        "TASK_NOT_FOUND",
        () ->
            router
                .cell()
                .endTask(EndTaskRequest.newBuilder().setTenant("umbrella").setTaskId(id).build()));
    CellCalls.assertReason(
        "TASK_NOT_FOUND",
        () ->
            router
                .cell()
                .followTask(
                    FollowTaskRequest.newBuilder().setTenant("umbrella").setTaskId(id).build())
                .next());
    CellCalls.assertReason("INVALID_FIELD", () -> calls.fetch("acme", "tsk_nonsense"));
    assertThat(calls.fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
  }

  @Test
  void aRunningTaskIsShownAsRunningThoughNoCommitSaysSo() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    var key = worker.awaitAssignment(id).getKey();
    worker.send(WorkerFrame.newBuilder().addStarted(key));
    await()
        .untilAsserted(
            () -> assertThat(calls.fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_RUNNING));
    FetchTasksResponse running = calls.list(10, "", TaskState.TASK_STATE_RUNNING);
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
      FetchTasksResponse page = calls.list(2, token);
      page.getTasksList().forEach(task -> seen.add(task.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).isEqualTo(ids);
    CellCalls.assertReason("INVALID_PAGE_TOKEN", () -> calls.list(2, "%%"));
    CellCalls.assertReason("INVALID_FIELD", () -> calls.list(1_001, ""));
  }

  @Test
  void openTasksAreListedFromMemory() {
    String waiting = router.accepted();
    String ended = router.accepted();
    calls.end(ended);
    assertThat(calls.list(10, "", TaskState.TASK_STATE_QUEUED).getTasksList())
        .extracting(Task::getId)
        .containsExactly(waiting);
    assertThat(calls.list(10, "", TaskState.TASK_STATE_CANCELLED).getTasksList())
        .extracting(Task::getId)
        .containsExactly(ended);
  }

  @Test
  void aWatcherSeesTheWholeHistoryAndCanResumeInIt() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    Iterator<FollowTaskResponse> live = calls.follow(id, "");
    assertThat(live.next().getEvent().getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
    TaskEvent leased = live.next().getEvent();
    assertThat(leased.getState()).isEqualTo(TaskState.TASK_STATE_LEASED);
    assertThat(leased.getWorkerId()).isEqualTo(WireIds.text(Workers.id(1)));

    worker.succeed(worker.awaitAssignment(id).getKey(), TaskResult.getDefaultInstance());

    assertThat(live.next().getEvent().getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    assertThat(live.hasNext()).as("the stream ends with the task").isFalse();
    Iterator<FollowTaskResponse> resumed = calls.follow(id, leased.getCursor());
    assertThat(resumed.next().getEvent().getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    assertThat(resumed.hasNext()).isFalse();
    CellCalls.assertReason("INVALID_CURSOR", () -> calls.follow(id, "yesterday").next());
    CellCalls.assertReason("INVALID_CURSOR", () -> calls.follow(id, "999999999999999999.0").next());
  }

  @Test
  void whyAWorkerWasChosenCanBeReadBack() {
    router.worker(1).greeted();
    router.worker(2).greeted();
    String id = router.accepted();
    Decision decision = calls.decisions(id).getFirst();
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
    assertThat(calls.fetch(id).getWaitingReason())
        .isEqualTo("join a worker with executor noop, region mars");
    Decision decision = calls.decisions(id).getFirst();
    assertThat(decision.getWorkerId()).isEmpty();
    assertThat(decision.getRemedy()).contains("region mars");
    assertThat(decision.getRejections(0).getReason()).isEqualTo("REGION");
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
}
