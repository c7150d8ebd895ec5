package dev.weft.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.weft.proto.tasks.v1.Attempt;
import dev.weft.proto.tasks.v1.AttemptState;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskEvent;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A checker that can't fail proves nothing: every invariant is broken here once. */
class HistoryCheckerTest {

  private static final String ID = "tsk_1";

  private final OperationLog log = new OperationLog();
  private final HistoryChecker checker = new HistoryChecker();

  @Test
  void anOrderlyRunKeepsThePromise() {
    acknowledge();
    assertThat(
            check(
                history(
                    1,
                    TaskState.TASK_STATE_QUEUED,
                    TaskState.TASK_STATE_LEASED,
                    TaskState.TASK_STATE_SUCCEEDED)))
        .isEmpty();
  }

  @Test
  void anAcknowledgedTaskThatNobodyKnowsIsALoss() {
    acknowledge();
    assertThat(checker.violations(log.entries(), Map.of()))
        .singleElement()
        .asString()
        .startsWith("I1");
  }

  @Test
  void anAcknowledgedTaskThatNeverEndsIsALoss() {
    acknowledge();
    assertThat(check(history(1, TaskState.TASK_STATE_QUEUED, TaskState.TASK_STATE_LEASED)))
        .anySatisfy(text -> assertThat(text).startsWith("I1"));
  }

  @Test
  void twoTerminalTransitionsBreakFencing() {
    acknowledge();
    assertThat(
            check(
                history(
                    1,
                    TaskState.TASK_STATE_LEASED,
                    TaskState.TASK_STATE_SUCCEEDED,
                    TaskState.TASK_STATE_FAILED)))
        .anySatisfy(text -> assertThat(text).startsWith("I2"))
        .anySatisfy(text -> assertThat(text).startsWith("I4"));
  }

  @Test
  void anExecutionTooManyWithoutAFaultIsSeen() {
    acknowledge();
    assertThat(
            check(
                history(
                    2,
                    TaskState.TASK_STATE_LEASED,
                    TaskState.TASK_STATE_QUEUED,
                    TaskState.TASK_STATE_LEASED,
                    TaskState.TASK_STATE_SUCCEEDED)))
        .singleElement()
        .asString()
        .startsWith("I3");
  }

  @Test
  void aFaultAllowsAsManyRepeatsAsWereInFlight() {
    acknowledge();
    log.fault("kill worker", 1);
    assertThat(
            check(
                history(
                    2,
                    TaskState.TASK_STATE_LEASED,
                    TaskState.TASK_STATE_QUEUED,
                    TaskState.TASK_STATE_LEASED,
                    TaskState.TASK_STATE_SUCCEEDED)))
        .isEmpty();
  }

  @Test
  void retriesOfATaskThatFailedByItselfAreNoDuplicates() {
    acknowledge();
    TaskHistory history =
        history(
            2,
            TaskState.TASK_STATE_LEASED,
            TaskState.TASK_STATE_QUEUED,
            TaskState.TASK_STATE_LEASED,
            TaskState.TASK_STATE_SUCCEEDED);
    Task task =
        history.task().toBuilder()
            .addEndedAttempts(
                Attempt.newBuilder().setNumber(1).setState(AttemptState.ATTEMPT_STATE_FAILED))
            .build();
    assertThat(check(new TaskHistory(task, history.events()))).isEmpty();
  }

  @Test
  void aResultOfAnEarlierAttemptBreaksFencing() {
    acknowledge();
    log.fault("pause worker", 1);
    TaskHistory history =
        history(
            2,
            TaskState.TASK_STATE_LEASED,
            TaskState.TASK_STATE_QUEUED,
            TaskState.TASK_STATE_LEASED,
            TaskState.TASK_STATE_SUCCEEDED);
    assertThat(check(new TaskHistory(printing("attempt 2", history), history.events()))).isEmpty();
    assertThat(check(new TaskHistory(printing("attempt 1", history), history.events())))
        .singleElement()
        .asString()
        .startsWith("I2");
  }

  private static Task printing(String line, TaskHistory history) {
    return history.task().toBuilder()
        .setResult(TaskResult.newBuilder().setStdout(ByteString.copyFromUtf8(line + "\n")))
        .build();
  }

  @Test
  void timeThatRunsBackwardsIsSeen() {
    acknowledge();
    TaskHistory history = history(1, TaskState.TASK_STATE_LEASED, TaskState.TASK_STATE_SUCCEEDED);
    List<TaskEvent> events = new ArrayList<>(history.events());
    events.set(
        1, events.get(1).toBuilder().setEventTime(Timestamp.newBuilder().setSeconds(1)).build());
    assertThat(check(new TaskHistory(history.task(), events)))
        .singleElement()
        .asString()
        .startsWith("I4");
  }

  private void acknowledge() {
    log.ok(log.invoke("submit"), ID);
  }

  private List<String> check(TaskHistory history) {
    return checker.violations(log.entries(), Map.of(ID, history));
  }

  private static TaskHistory history(int attempts, TaskState... states) {
    List<TaskEvent> events = new ArrayList<>();
    long second = 100;
    for (TaskState state : states) {
      events.add(
          TaskEvent.newBuilder()
              .setTaskId(ID)
              .setState(state)
              .setEventTime(Timestamp.newBuilder().setSeconds(second++))
              .build());
    }
    return new TaskHistory(
        Task.newBuilder()
            .setId(ID)
            .setState(states[states.length - 1])
            .setAttempt(attempts)
            .build(),
        events);
  }
}
