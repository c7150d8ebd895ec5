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
  /** The workspace's tree breaks a rule: a path outside, a link out, a name twice. */
  WORKSPACE_INVALID(Kind.FAILED),
  /** More entries or bytes than the attempt may hold. */
  WORKSPACE_TOO_LARGE(Kind.FAILED),
  /** The task names an artifact that is not there any more. */
  ARTIFACT_NOT_FOUND(Kind.FAILED),
  /** No replica of the artifact service took or gave the task's files in time. */
  ARTIFACTS_UNAVAILABLE(Kind.FAILED),
  /** What came is not what its digest says. */
  BLOB_CORRUPT(Kind.FAILED),
  /** The task names a secret that is not there any more. */
  SECRET_NOT_FOUND(Kind.FAILED),
  /** Nobody revealed the task's secrets in time. */
  SECRETS_UNAVAILABLE(Kind.FAILED),
  /** The worker's disk has no room for the workspace. */
  DISK_FULL(Kind.FAILED),
  /** Some of what the command changed could not be kept; never ends an attempt by itself. */
  CHANGES_INCOMPLETE(Kind.FAILED),
  /** An agent's command: its body ended while it ran. */
  COMMAND_INTERRUPTED(Kind.PREEMPTED),
  /** An agent's body is to leave its worker, which stops; the agent goes on elsewhere. */
  BODY_MOVES(Kind.PREEMPTED),
  /** An agent's terminal: more was typed than its programs took; ends nothing. */
  INPUT_FULL(Kind.FAILED),
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
