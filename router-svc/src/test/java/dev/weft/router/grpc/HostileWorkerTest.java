package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.proto.common.v1.Problem;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.tasks.v1.ModelTokens;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Any join token lets a worker in: what it says must not hurt the cell. */
class HostileWorkerTest {

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aReportThatStorageCanNotTakeIsSettledInFitWords() {
    Problem problem =
        Problem.newBuilder()
            .setCode(2)
            .setReason("<script>\0")
            .setMessage("zero \0 and " + "x".repeat(2 << 20))
            .putMetadata("k\0", "v".repeat(10_000))
            .build();

    Task task = ended(problem, TaskResult.getDefaultInstance());

    assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_FAILED);
    assertThat(task.getProblem().getReason()).isEqualTo("UNKNOWN");
    assertThat(task.getProblem().getMessage())
        .startsWith("zero \uFFFD and x")
        .hasSize(WorkerWords.LONGEST_MESSAGE);
    assertThat(task.getProblem().getMetadataMap()).containsOnlyKeys("k\uFFFD");
    assertThat(task.getProblem().getMetadataOrThrow("k\uFFFD")).hasSize(WorkerWords.LONGEST_VALUE);
  }

  @Test
  void anOutsizedResultKeepsItsFiguresOnly() {
    TaskResult result =
        TaskResult.newBuilder()
            .setExitCode(3)
            .setOutput(ByteString.copyFrom(new byte[WorkerWords.MOST_RESULT_BYTES]))
            .build();

    Task task = ended(Problem.newBuilder().setReason("EXIT_NONZERO").build(), result);

    assertThat(task.getResult().getExitCode()).isEqualTo(3);
    assertThat(task.getResult().getOutput().isEmpty()).isTrue();
    assertThat(task.getResult().getOutputTruncated()).isTrue();
  }

  @Test
  void aRejectionIsWordedFitlyToo() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    AttemptKey key = worker.awaitAssignment(id).getKey();

    worker.send(
        WorkerFrame.newBuilder()
            .addRejected(
                dev.weft.proto.internal.work.v1.RejectedAssignment.newBuilder()
                    .setKey(key)
                    .setReason("no\0" + "x".repeat(1 << 20))));

    await().untilAsserted(() -> assertThat(fetch(id).getEndedAttemptsList()).hasSize(1));
    assertThat(fetch(id).getEndedAttempts(0).getProblem().getMessage())
        .contains("no\uFFFDx")
        .hasSizeLessThan(400);
  }

  @Test
  void tokensThatNoTaskCanHaveUsedAreBoundedAndNegativeOnesAreNone() {
    TestWorker worker = router.worker(1).greeted();
    String id = router.accepted();
    AttemptResult.Builder result =
        AttemptResult.newBuilder()
            .setKey(worker.awaitAssignment(id).getKey())
            .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED)
            .addTokens(tokens("a\0" + "x".repeat(1 << 20), Long.MAX_VALUE, -5));
    for (int i = 0; i < 1_000; i++) {
      result.addTokens(tokens("m" + i, 1, 1));
    }

    worker.send(WorkerFrame.newBuilder().addResults(result));

    await()
        .untilAsserted(
            () -> assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED));
    List<ModelTokens> known = fetch(id).getModelTokensList();
    assertThat(known).hasSize(WorkerWords.MOST_MODELS);
    assertThat(known.getFirst().getModel())
        .startsWith("a\uFFFDx")
        .hasSize(WorkerWords.LONGEST_MODEL);
    assertThat(known.getFirst().getInputTokens()).isEqualTo(SpecRules.MOST_TOKENS);
    assertThat(known.getFirst().getOutputTokens()).isZero();
  }

  private static ModelTokens tokens(String model, long input, long output) {
    return ModelTokens.newBuilder()
        .setModel(model)
        .setInputTokens(input)
        .setOutputTokens(output)
        .build();
  }

  private Task ended(Problem problem, TaskResult result) {
    TestWorker worker = router.worker(1).greeted();
    var once =
        RouterFixture.NOOP.toBuilder().setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(0));
    String id = router.submit(router.submission().setSpec(once)).getAccepted().getTask().getId();
    worker.send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(worker.awaitAssignment(id).getKey())
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_FAILED)
                    .setResult(result)
                    .setProblem(problem)));
    await()
        .untilAsserted(
            () -> assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_FAILED));
    return fetch(id);
  }

  private Task fetch(String id) {
    return router
        .cell()
        .fetchTask(FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getTask();
  }
}
