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
import dev.weft.proto.internal.work.v1.AttemptKey;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.WorkerFrame;
import dev.weft.proto.tasks.v1.DeadLetterFilter;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.RedrivenTask;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;

/** What callers and a worker do with tasks that fail for good, over a whole router. */
final class LetterCalls {

  static final TaskSpec ONCE =
      RouterFixture.NOOP.toBuilder()
          .setPriorityClass(PriorityClass.PRIORITY_CLASS_P3)
          .setDisplayName("fragile")
          .setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(0))
          .build();

  private final RouterFixture router;
  private final TestWorker worker;

  LetterCalls(RouterFixture router, TestWorker worker) {
    this.router = router;
    this.worker = worker;
  }

  String submitted(TaskSpec spec) {
    return router.submit(router.submission().setSpec(spec)).getAccepted().getTask().getId();
  }

  String dead(String reason) {
    String id = submitted(ONCE);
    fail(worker.awaitAssignment(id).getKey(), reason);
    awaitFailed(id);
    return id;
  }

  void awaitFailed(String id) {
    await()
        .untilAsserted(
            () -> assertThat(fetch(id).getState()).isEqualTo(TaskState.TASK_STATE_FAILED));
  }

  void fail(AttemptKey key, String reason) {
    worker.send(
        WorkerFrame.newBuilder()
            .addResults(
                AttemptResult.newBuilder()
                    .setKey(key)
                    .setOutcome(AttemptOutcome.ATTEMPT_OUTCOME_FAILED)
                    .setProblem(Problem.newBuilder().setCode(10).setReason(reason))));
  }

  Task fetch(String id) {
    return router
        .cell()
        .fetchTask(FetchTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getTask();
  }

  FetchLettersResponse list(DeadLetterFilter filter) {
    return router
        .letters()
        .fetchLetters(FetchLettersRequest.newBuilder().setTenant("acme").setFilter(filter).build());
  }

  RedrivenTask redrive(String id) {
    return router
        .letters()
        .redriveLetters(RedriveLettersRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getResults(0)
        .getRedriven();
  }

  int purge(String id) {
    return router
        .letters()
        .purgeLetters(PurgeLettersRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getPurgedCount();
  }

  static String reason(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable[] failure = new Throwable[1];
    assertThatThrownBy(call).satisfies(thrown -> failure[0] = thrown);
    return StatusMapper.fromStatus(failure[0]).reason();
  }
}
