package dev.weft.router.domain.task;

/** How an attempt stands or ended. The codes are stored: never change one. */
public enum AttemptState {
  LEASED(1),
  RUNNING(2),
  SUCCEEDED(3),
  FAILED(4),
  LOST(5),
  PREEMPTED(6),
  CANCELLED(7);

  private final int code;

  AttemptState(int code) {
    this.code = code;
  }

  public static AttemptState of(int code) {
    for (AttemptState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new IllegalArgumentException("attempt state: " + code + " (expected: 1..7)");
  }

  public int code() {
    return code;
  }
}
