package dev.weft.router.app;

/** Why there is no replay. */
public final class ReplayRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  ReplayRefusal(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** As docs/errors.md names them. */
  public enum Reason {
    REPLAY_NO_RECORDS,
    REPLAY_NO_WORKERS,
    REPLAY_RANGE_TOO_WIDE,
    REPLAY_BUSY
  }

  public Reason reason() {
    return reason;
  }
}
