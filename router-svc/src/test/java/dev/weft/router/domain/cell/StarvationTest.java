package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A quarter of an hour in which P0 alone asks for more than there is. */
class StarvationTest {

  private static final int SLOTS = 10;
  private static final long TASK_MILLIS = 1_000;
  private static final long BOUND_MILLIS = 310_000;

  private record Running(AttemptKey key, long endNanos) {}

  private final CellFixture mesh = new CellFixture();
  private final TestLink link = mesh.join(1, SLOTS);
  private final Map<TaskId, Long> lowSubmitted = new HashMap<>();
  private final Deque<Running> running = new ArrayDeque<>();
  private int seen;
  private long longest;
  private int high;

  @Test
  void ageingFiresSoThatP6StartsWithinItsBoundAndP0KeepsFifteenSixteenths() {
    for (int step = 0; step < 9_000; step++) {
      submit(PriorityClass.P0);
      if (step % 20 == 0) {
        lowSubmitted.put(submit(PriorityClass.P6), mesh.nanos());
      }
      mesh.pass(Duration.ofMillis(100));
      starts();
      ends();
    }
    long aged = mesh.cell.view().figures().levels().aged();
    assertThat(aged).as("ageing fires").isBetween(250L, 600L);
    lowSubmitted
        .values()
        .forEach(at -> longest = Math.max(longest, (mesh.nanos() - at) / 1_000_000));
    assertThat(longest).as("the longest wait of a P6, in ms").isLessThan(BOUND_MILLIS);
    assertThat(high).as("P0 of all leases").isGreaterThanOrEqualTo(seen * 15 / 16 - 1);
  }

  private TaskId submit(PriorityClass priority) {
    return mesh.submit(
        new Submission.Terms(
            priority, Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, Duration.ofHours(1).toMillis()));
  }

  private void starts() {
    for (; seen < link.assigned.size(); seen++) {
      AttemptKey key = link.assigned.get(seen);
      running.add(new Running(key, mesh.nanos() + TASK_MILLIS * 1_000_000));
      Long submitted = lowSubmitted.remove(key.task());
      if (submitted == null) {
        high++;
      } else {
        longest = Math.max(longest, (mesh.nanos() - submitted) / 1_000_000);
      }
    }
  }

  private void ends() {
    while (!running.isEmpty() && running.peek().endNanos <= mesh.nanos()) {
      mesh.succeed(link, running.remove().key);
    }
  }
}
