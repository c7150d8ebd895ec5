package dev.weft.router.domain.outlier;

/** What an attempt's end says of the worker that it ran on. */
public enum Evidence {
  /** The worker did its part and the work succeeded. */
  ANSWERED,
  /** The work's fault or the worker's: it counts only where the same work goes well elsewhere. */
  WORK_FAILED,
  /** The worker's own fault, as far as anybody but a tenant's malice can cause it. */
  WORKER_FAILED,
  /** The worker went away with it, and with all that it ran: one fault of its own, not many. */
  WORKER_LOST,
  /** The task can run nowhere, or was ended from outside. */
  NOTHING;

  /** What counts within a scope. */
  enum Mark {
    GOOD,
    BAD,
    NONE
  }

  /**
   * A sandbox that failed is no own fault: what a task brings along can keep one from starting.
   *
   * @param reason of a failed attempt, from docs/errors.md
   */
  public static Evidence of(String reason) {
    return switch (reason) {
      case "INTERNAL" -> WORKER_FAILED;
      case "INVALID_FIELD",
          "WORKSPACE_INVALID",
          "WORKSPACE_TOO_LARGE",
          "ARTIFACT_NOT_FOUND",
          "SECRET_NOT_FOUND" ->
          NOTHING;
      default -> WORK_FAILED;
    };
  }

  Mark in(Scope scope) {
    return switch (this) {
      case ANSWERED -> Mark.GOOD;
      case WORK_FAILED -> scope.ofWorker() ? Mark.GOOD : Mark.BAD;
      case WORKER_FAILED, WORKER_LOST -> scope.ofWorker() ? Mark.BAD : Mark.NONE;
      case NOTHING -> Mark.NONE;
    };
  }
}
