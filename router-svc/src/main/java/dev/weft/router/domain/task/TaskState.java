package dev.weft.router.domain.task;

/** Where a task stands. The codes are stored: never change one. */
public enum TaskState {
  QUEUED(1),
  LEASED(2),
  RUNNING(3),
  CANCELLING(4),
  SUCCEEDED(5),
  FAILED(6),
  CANCELLED(7),
  EXPIRED(8);

  private static final TaskState[] BY_CODE = new TaskState[9];

  static {
    for (TaskState state : values()) {
      BY_CODE[state.code] = state;
    }
  }

  private final int code;

  TaskState(int code) {
    this.code = code;
  }

  public static TaskState of(int code) {
    if (code < 1 || code >= BY_CODE.length) {
      throw new IllegalArgumentException("task state: " + code + " (expected: 1..8)");
    }
    return BY_CODE[code];
  }

  public int code() {
    return code;
  }

  /** Codes from SUCCEEDED on are final. */
  public boolean terminal() {
    return code >= SUCCEEDED.code;
  }
}
