package dev.weft.router.domain.agent;

import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.Optional;

/**
 * What an agent lives in: one task, whose attempt is the body.
 *
 * @param number 1, 2, 3, … of the agent's bodies; the epoch of its frames
 * @param worker that has the lease
 * @param started when it was first seen to run
 */
public record Body(int number, TaskId task, Optional<WorkerId> worker, Optional<Instant> started) {

  public Body {
    if (number < 1) {
      throw new IllegalArgumentException("body: " + number + " (expected: >= 1)");
    }
  }

  /** One that waits for a worker. */
  static Body waiting(int number, TaskId task) {
    return new Body(number, task, Optional.empty(), Optional.empty());
  }

  Body waiting() {
    return waiting(number, task);
  }

  Body leased(WorkerId by) {
    return new Body(number, task, Optional.of(by), Optional.empty());
  }

  Body running(WorkerId by, Instant since) {
    return new Body(number, task, Optional.of(by), Optional.of(since));
  }
}
