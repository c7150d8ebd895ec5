package dev.weft.worker.domain;

/** Why an attempt did not succeed. The names are reasons of the mesh's catalogue. */
public enum FailureReason {
  /** It ran and ended with another exit code than 0. */
  EXIT_NONZERO(Kind.FAILED),
  /** The program is not there or can't be executed. */
  COMMAND_NOT_FOUND(Kind.FAILED),
  WALL_TIME_LIMIT(Kind.FAILED),
  CPU_TIME_LIMIT(Kind.FAILED),
  MEMORY_LIMIT(Kind.FAILED),
  PROCESS_LIMIT(Kind.FAILED),
  OUTPUT_LIMIT(Kind.FAILED),
  /**
   * The task asks for something that no worker can do with it, for example a file outside its
   * workspace.
   */
  INVALID_FIELD(Kind.FAILED),
  /** The sandbox could not be set up; the task's command never ran. */
  SANDBOX_FAILED(Kind.FAILED),
  CANCELLED_BY_USER(Kind.CANCELLED),
  /** Ended by the worker: it stops, or it could not renew its lease. */
  PREEMPTED(Kind.PREEMPTED);

  /** How the attempt counts. */
  public enum Kind {
    FAILED,
    CANCELLED,
    PREEMPTED
  }

  private final Kind kind;

  FailureReason(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
