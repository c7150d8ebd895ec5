package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, as its worker saw it.
 *
 * @param tokens what it used of models in all
 */
public record Report(
    AttemptKey key,
    Outcome outcome,
    @Nullable Document result,
    @Nullable Problem problem,
    TokenUse tokens) {

  /** Of one that used no model. */
  public Report(
      AttemptKey key, Outcome outcome, @Nullable Document result, @Nullable Problem problem) {
    this(key, outcome, result, problem, TokenUse.NONE);
  }

  /** The worker's word. */
  public enum Outcome {
    SUCCEEDED,
    FAILED,
    CANCELLED,
    PREEMPTED
  }
}
