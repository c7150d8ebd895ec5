package dev.weft.worker.domain.agent;

import java.time.Duration;

/**
 * When a body's workspace is looked at, to be saved if it has changed: after every command, and
 * each minute while something may have changed it; later again where that failed. Not safe for
 * threads.
 */
public final class SavePlan {

  static final long WHILE_ACTIVE = Duration.ofSeconds(60).toNanos();
  static final long AFTER_FAILURE = Duration.ofSeconds(30).toNanos();

  /** A great many short commands are not each a look of their own… */
  static final long APART = Duration.ofSeconds(1).toNanos();

  /** …and a large tree is not looked at all the time. */
  static final int PAUSE_PER_LOOK = 10;

  private long beganAt;
  private long lookedAt;
  private long apart = APART;
  private boolean touched;
  private boolean soon;
  private boolean failed;

  public SavePlan(long now) {
    this.lookedAt = now;
  }

  /** Something goes on that may change files. */
  public void touched() {
    touched = true;
  }

  /** Something is to be stored as soon as a look may be: a command is over, or it is a fork's. */
  public void soon() {
    touched = true;
    soon = true;
  }

  /** Whether to look now. */
  public boolean due(long now) {
    long since = now - lookedAt;
    if (failed) {
      return since >= AFTER_FAILURE;
    }
    return touched && since >= (soon ? apart : WHILE_ACTIVE);
  }

  /** The look begins: what happens from now on is for the next. */
  public void begins(long now) {
    beganAt = now;
    touched = false;
    soon = false;
  }

  /** The look is over. */
  public void ended(long now, boolean success) {
    lookedAt = now;
    apart = Math.clamp((now - beganAt) * PAUSE_PER_LOOK, APART, WHILE_ACTIVE);
    failed = !success;
    touched |= failed;
  }
}
