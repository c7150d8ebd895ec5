package dev.weft.e2e.history;

import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_CANCELLED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_CANCELLING;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_LEASED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_QUEUED;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_RUNNING;
import static dev.weft.proto.tasks.v1.TaskState.TASK_STATE_SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each invariant beyond the life of a task is kept here once and broken once. */
class InvariantsTest {

  private static final String WORKER = "wkr_1";
  private static final long SECOND = 1_000_000_000L;

  private final OperationLog log = new OperationLog();
  private final List<Operation> timed = new ArrayList<>();
  private long number;

  @Test
  void retriesBeforeTheirPauseAndMoreThanAllowedAreSeen() {
    assertThat(check(failedTwice(1_000, 3_000))).isEmpty();
    assertThat(check(failedTwice(1_000, 1_000)))
        .containsExactly("I5: tsk_1 was tried again 1000 ms after failure 2 (expected: >= 2000)");
    TaskStory once = story("tsk_1", TASK_STATE_QUEUED, TASK_STATE_LEASED).retries(0, 0);
    once.failed(300).at(400, TASK_STATE_LEASED).failed(500).at(600, TASK_STATE_LEASED);
    assertThat(check(once.at(700, TASK_STATE_SUCCEEDED).end()))
        .containsExactly("I5: tsk_1 has failed 2 times (expected: <= 1)");
  }

  @Test
  void aFailedTaskSaysWhy() {
    assertThat(
            check(
                story("tsk_1", TASK_STATE_QUEUED, TASK_STATE_LEASED)
                    .at(900, TaskState.TASK_STATE_FAILED)
                    .end()))
        .containsExactly("I5: tsk_1 is FAILED without a reason");
  }

  @Test
  void aTaskThatOvertakesAMoreUrgentOneIsSeen() {
    TaskHistory urgent = waiting("tsk_urgent", PriorityClass.PRIORITY_CLASS_P0, 200, 900);
    assertThat(check(urgent, waiting("tsk_later", PriorityClass.PRIORITY_CLASS_P6, 100, 900)))
        .isEmpty();
    assertThat(check(urgent, waiting("tsk_sooner", PriorityClass.PRIORITY_CLASS_P6, 100, 500)))
        .singleElement()
        .asString()
        .startsWith("I6: tsk_sooner (P6) was started 400 ms before tsk_urgent (P0)");
    assertThat(check(urgent, waiting("tsk_aged", PriorityClass.PRIORITY_CLASS_P4, -20_000, 500)))
        .as("what has waited long may go first")
        .isEmpty();
  }

  @Test
  void aWorkerThatHoldsMoreThanItsSlotsIsSeen() {
    TaskHistory one = running("tsk_1", 100, 500);
    TaskHistory next = running("tsk_2", 500, 900);
    TaskHistory beside = running("tsk_3", 400, 600);
    Limits oneSlot = Limits.NONE.slots(Map.of(WORKER, 1));
    assertThat(check(oneSlot, one, next)).isEmpty();
    assertThat(check(oneSlot, one, next, beside))
        .containsExactly("I7: wkr_1 held 2 commands at once (expected: <= 1)");
  }

  @Test
  void moreThanTheQuotaIsSeenInWhateverWindow() {
    Limits quota = Limits.NONE.quota(10, 5);
    for (int i = 0; i < 100; i++) {
      ok(i * SECOND / 10);
    }
    assertThat(timed(quota)).isEmpty();
    for (int i = 0; i < 8; i++) {
      ok(20 * SECOND);
    }
    assertThat(timed(quota)).singleElement().asString().startsWith("I8: 8.0 more");
  }

  @Test
  void aSuccessAfterACancelThatWasAnsweredIsSeen() {
    log.cancelled(log.invoke("cancel"), "tsk_1", TASK_STATE_CANCELLING);
    assertThat(check(cancelled(700))).isEmpty();
    assertThat(check(running("tsk_1", 100, 700)))
        .containsExactly(
            "I10: tsk_1 is TASK_STATE_SUCCEEDED after its cancel was answered OK with"
                + " TASK_STATE_CANCELLING");
  }

  @Test
  void aCancelThatTakesTooLongOrComesTooLateIsSeen() {
    Limits bound = Limits.NONE.cancel(Duration.ofMillis(500));
    assertThat(check(bound, cancelled(700))).isEmpty();
    assertThat(check(bound, cancelled(2_000)))
        .containsExactly("I10: tsk_1 ended 1700 ms after its cancel (expected: <= 500)");
    TaskHistory ghost = story("tsk_2", TASK_STATE_QUEUED).at(300, TASK_STATE_CANCELLED).end();
    assertThat(check(ghost)).isEmpty();
    assertThat(
            check(new TaskHistory(ghost.task().toBuilder().setAttempt(1).build(), ghost.events())))
        .containsExactly("I10: tsk_2 was cancelled before its start and ran");
  }

  @Test
  void memoryBeyondItsBoundOrNeverMeasuredIsSeen() {
    Limits bound = Limits.NONE.memory(Map.of("router-0", 100L << 20));
    assertThat(check(bound)).containsExactly("I13: router-0 held 0 MiB (expected: 1 to 100)");
    log.memory("router-0", 99L << 20);
    assertThat(check(bound)).isEmpty();
    log.memory("router-0", 101L << 20);
    assertThat(check(bound)).containsExactly("I13: router-0 held 101 MiB (expected: 1 to 100)");
  }

  @Test
  void aRateThatDoesNotComeBackIsSeen() {
    Limits bound = Limits.NONE.recovery(Duration.ofSeconds(1), Duration.ofSeconds(2), 0.9);
    for (int i = 0; i < 10; i++) {
      ok(SECOND + i);
    }
    timed.add(new Operation.Fault(number++, 2 * SECOND, "postgres", 0));
    timed.add(new Operation.Healed(number++, 5 * SECOND, "postgres"));
    for (int i = 0; i < 8; i++) {
      ok(7 * SECOND + i);
    }
    assertThat(timed(bound)).singleElement().asString().startsWith("I14: 8 accepted in 1000 ms");
    ok(7 * SECOND + 8);
    assertThat(timed(bound)).isEmpty();
  }

  @Test
  void anOkWhileNothingCanBeFlushedIsSeen() {
    long before = log.invoke("submit");
    log.flushing(false);
    log.ok(before, "tsk_1");
    TaskHistory task = running("tsk_1", 100, 200);
    assertThat(check(task)).as("asked before").isEmpty();
    long during = log.invoke("submit");
    log.ok(during, "tsk_1");
    assertThat(check(task))
        .containsExactly("I16: tsk_1 was asked for and answered OK while nothing could be flushed");
  }

  private static TaskHistory failedTwice(long first, long second) {
    return story("tsk_1", TASK_STATE_QUEUED, TASK_STATE_LEASED)
        .retries(3, 1)
        .failed(300)
        .at(300 + first, TASK_STATE_LEASED)
        .failed(2_000)
        .at(2_000 + second, TASK_STATE_LEASED)
        .at(8_000, TASK_STATE_SUCCEEDED)
        .end();
  }

  private static TaskHistory waiting(String id, PriorityClass priority, long from, long until) {
    return new TaskStory(id)
        .urgency(priority)
        .at(30_000 + from, TASK_STATE_QUEUED)
        .at(30_000 + until, TASK_STATE_LEASED)
        .at(40_000, TASK_STATE_SUCCEEDED)
        .end();
  }

  private static TaskHistory running(String id, long from, long until) {
    return new TaskStory(id)
        .at(from, TASK_STATE_LEASED, WORKER)
        .at(from, TASK_STATE_RUNNING, WORKER)
        .at(until, TASK_STATE_SUCCEEDED, WORKER)
        .end();
  }

  private static TaskHistory cancelled(long gone) {
    return new TaskStory("tsk_1")
        .at(100, TASK_STATE_LEASED, WORKER)
        .at(300, TASK_STATE_CANCELLING, WORKER)
        .at(gone, TASK_STATE_CANCELLED, WORKER)
        .end();
  }

  private static TaskStory story(String id, TaskState... states) {
    TaskStory story = new TaskStory(id);
    for (int i = 0; i < states.length; i++) {
      story.at(100L + i, states[i]);
    }
    return story;
  }

  private void ok(long atNanos) {
    timed.add(new Operation.Ok(number++, atNanos, "tsk_0"));
  }

  private List<String> timed(Limits limits) {
    return new HistoryChecker(limits)
        .violations(timed, Map.of("tsk_0", running("tsk_0", 100, 200)));
  }

  private List<String> check(TaskHistory... histories) {
    return check(Limits.NONE, histories);
  }

  private List<String> check(Limits limits, TaskHistory... histories) {
    Map<String, TaskHistory> byId = new TreeMap<>();
    Arrays.stream(histories).forEach(history -> byId.put(history.task().getId(), history));
    return new HistoryChecker(limits).violations(log.entries(), byId);
  }
}
