package dev.weft.worker.app;

import java.time.Duration;

/**
 * When to look at what a process uses, which takes some reads of files each: each 50 ms in its
 * first second, then each twentieth of its age, and from 5 s on each 250 ms. So a limit is overrun
 * for 50 to 250 ms, and after the first second for no more than a twentieth of the time until then.
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
