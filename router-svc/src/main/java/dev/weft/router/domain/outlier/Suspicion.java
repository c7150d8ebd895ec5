package dev.weft.router.domain.outlier;

import dev.weft.router.domain.task.WorkerId;

/** What speaks against a worker; it is out only if enough others stay. */
public record Suspicion(WorkerId worker, Scope scope, Cause cause, String why) {

  /** The same of what it did on probation. */
  Suspicion again(String why) {
    return new Suspicion(worker, scope, cause, why);
  }

  /** By what a worker stands out. */
  public enum Cause {
    OWN_FAULTS,
    ERRORS,
    LATENCY
  }
}
