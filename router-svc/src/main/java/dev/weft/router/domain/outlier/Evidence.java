package dev.weft.router.domain.outlier;

/** What an attempt's end says of the worker that it ran on. */
public enum Evidence {
  /** The worker did its part and the work succeeded. */
  ANSWERED,
  /** The work's fault or the worker's: it counts only where the same work goes well elsewhere. */
  WORK_FAILED,
  /** The worker's own fault, whatever the work was. */
  WORKER_FAILED,
  /** The task can run nowhere. */
  NOTHING;

  /**
   * @param reason of a failed attempt, from docs/errors.md
   */
  public static Evidence of(String reason) {
    return switch (reason) {
      case "SANDBOX_FAILED", "WORKER_LOST", "INTERNAL" -> WORKER_FAILED;
      case "INVALID_FIELD",
          "WORKSPACE_INVALID",
          "WORKSPACE_TOO_LARGE",
          "ARTIFACT_NOT_FOUND",
          "SECRET_NOT_FOUND" ->
          NOTHING;
      default -> WORK_FAILED;
    };
  }
}
