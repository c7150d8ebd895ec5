package dev.weft.router.domain.cell;

import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, as its worker saw it. */
public record Report(
    AttemptKey key, Outcome outcome, @Nullable Document result, @Nullable Problem problem) {

  /** The worker's word. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED,
    PREEMPTED
  }
}
