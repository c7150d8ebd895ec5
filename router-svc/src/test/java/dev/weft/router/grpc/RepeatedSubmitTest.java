package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.SubmissionResult;
import dev.weft.proto.internal.cell.v1.SubmitTasksRequest;
import dev.weft.proto.internal.cell.v1.SubmitTasksResponse;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Submitting again under the same key. */
class RepeatedSubmitTest {

  private static final int REPEATS = 500;
  private static final TaskSpec LARGE =
      TaskSpec.newBuilder()
          .setNoop(NoopExecutor.newBuilder().setPayload(ByteString.copyFrom(new byte[60 << 10])))
          .build();

  private final RouterFixture router = new RouterFixture().holding();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void repeatsAreAnsweredWithoutPayloadAndOutputHoweverManyTheyAre() {
    TestWorker worker = router.worker(1).greeted();
    String id =
        router
            .submit(router.submission().setRequestId("k").setSpec(LARGE))
            .getAccepted()
            .getTask()
            .getId();
    worker.succeed(
        worker.awaitAssignment(id).getKey(),
        TaskResult.newBuilder().setOutput(ByteString.copyFrom(new byte[60 << 10])).build());
    await()
        .untilAsserted(
            () ->
                assertThat(
                        router
                            .cell()
                            .fetchTask(
                                FetchTaskRequest.newBuilder()
                                    .setTenant("acme")
                                    .setTaskId(id)
                                    .build())
                            .getTask()
                            .getState())
                    .isEqualTo(TaskState.TASK_STATE_SUCCEEDED));

    SubmitTasksRequest.Builder batch = SubmitTasksRequest.newBuilder();
    for (int i = 0; i < REPEATS; i++) {
      batch.addSubmissions(router.submission().setRequestId("k"));
    }
    batch.addSubmissions(router.submission());
    SubmitTasksResponse answer = router.cell().submitTasks(batch.build());

    assertThat(answer.getSerializedSize()).isLessThan(REPEATS * 1_000);
    assertThat(answer.getResultsList().subList(0, REPEATS))
        .allMatch(result -> result.getAccepted().getExisting())
        .allMatch(result -> result.getAccepted().getTask().getId().equals(id))
        .allMatch(
            result -> result.getAccepted().getTask().getState() == TaskState.TASK_STATE_SUCCEEDED);
    assertThat(answer.getResults(REPEATS))
        .matches(SubmissionResult::hasAccepted)
        .matches(result -> !result.getAccepted().getExisting());
  }

  @Test
  void aRepeatThatAStandbyRecognizesIsSentToTheHolder() {
    router.submit(router.submission().setRequestId("k"));
    router.placer.lost();

    assertThatThrownBy(() -> router.submit(router.submission().setRequestId("k")))
        .extracting(failure -> StatusMapper.fromStatus(failure).reason())
        .isEqualTo("NOT_HOLDER");
  }
}
