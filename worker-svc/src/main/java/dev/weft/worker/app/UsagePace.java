package dev.weft.worker.app;

import java.time.Duration;

/**
 * When to look at what a process uses, which takes some reads of files each: often while it is
 * young, later each twentieth of its age, so that a limit is overrun by little of what was used
 * until then.
 */
public final class UsagePace {

  private static final long OFTEN = Duration.ofMillis(50).toNanos();
  private static final long SELDOM = Duration.ofMillis(250).toNanos();
  private static final int PART = 20;

  private final long begun;
  private long due;

  /**
   * @param begun when the process began, in ns of a ticker
   */
  public UsagePace(long begun) {
    this.begun = begun;
    this.due = begun + OFTEN;
  }

  /** Whether it is time to look; then the next time is set. */
  public boolean isDue(long now) {
    if (now - due < 0) {
      return false;
    }
    due = now + Math.clamp((now - begun) / PART, OFTEN, SELDOM);
    return true;
  }
}
