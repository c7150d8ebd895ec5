package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.platform.error.MeshProblem;
import dev.weft.proto.internal.cell.v1.BeginDrainRequest;
import dev.weft.proto.internal.cell.v1.BeginDrainResponse;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.domain.placement.Workers;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CellGrpcServiceTest {

  private final RouterFixture router = new RouterFixture().holding();
  private final CellCalls calls = new CellCalls(router);

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
    assertThat(calls.fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_LEASED);

    worker.succeed(assignment.getKey(), TaskResult.newBuilder().setExitCode(0).build());

    await()
        .untilAsserted(
            () -> assertThat(calls.fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED));
    assertThat(calls.fetch(id).hasResult()).isTrue();
    assertThat(calls.fetch(id).hasEndTime()).isTrue();
    assertThat(worker.frames)
        .anyMatch(frame -> frame.getAckedResultsList().contains(assignment.getKey()));
  }

  @Test
  void theAnswerToASubmitIsTheTaskAsItWasCommittedLessTheSpecThatItsCallerHas() {
    Task task = router.submit(router.submission()).getAccepted().getTask();
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_QUEUED);
    assertThat(task.getRevision()).isPositive();
    assertThat(task)
        .isEqualTo(
            calls.fetch(task.getId()).toBuilder()
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
    var spec = RouterFixture.NOOP.toBuilder().setNetworkAccess(NetworkAccess.NETWORK_ACCESS_ALLOW);
    SubmissionResult result = router.submit(router.submission().setSpec(spec));
    assertThat(result.getProblem().getReason()).isEqualTo("FIELD_NOT_SUPPORTED_YET");
    assertThat(result.getProblem().getMetadataMap()).containsEntry("field", "spec.network_access");
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
  void aCancelIsAnsweredWithTheTaskAsItIsThen() {
    String id = router.accepted();
    Task task = calls.end(id);
    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_CANCELLED);
    assertThat(task.getProblem().getReason()).isEqualTo("CANCELLED_BY_USER");
    assertThat(calls.end(id)).as("idempotent").isEqualTo(task);
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
    CellCalls.assertReason(
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
    router.standsBy();
    MeshProblem problem = CellCalls.assertReason("NOT_HOLDER", () -> calls.fetch(id()));
    assertThat(problem.metadata()).containsEntry("address", "there:7111");
    CellCalls.assertReason("NOT_HOLDER", () -> router.submit(router.submission()));
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

  private BeginDrainResponse drain() {
    return router
        .cell()
        .beginDrain(
            BeginDrainRequest.newBuilder()
                .setWorkerId(WireIds.text(Workers.id(1)))
                .setGrace(Duration.newBuilder().setSeconds(30))
                .build());
  }

  /** Nobody waits for the answer. */
  private static final class Ignored implements StreamObserver<SubmitTasksResponse> {
    @Override
    public void onNext(SubmitTasksResponse response) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }
}
