package dev.weft.worker.domain.agent;

import dev.weft.worker.domain.agent.BodyEnd.Cause;
import java.time.Duration;
import java.util.Optional;

/**
 * Says when a body is idle: for so long no command was given or ran, and nobody typed. A terminal
 * whose shell sits at its prompt is not activity. Not safe for threads.
 */
public final class IdleClock {

  private final long timeoutNanos;
  private long activeAt;

  public IdleClock(Duration timeout, long now) {
    this.timeoutNanos = timeout.toNanos();
    this.activeAt = now;
  }

  /** Something that counts happens now. */
  public void active(long now) {
    activeAt = Math.max(activeAt, now);
  }

  /** How long nothing has counted. */
  public Duration idleFor(long now) {
    return Duration.ofNanos(Math.max(0, now - activeAt));
  }

  /** Why the body is to end now, if it is. */
  public Optional<Cause> due(long now) {
    return now - activeAt >= timeoutNanos ? Optional.of(Cause.IDLE) : Optional.empty();
  }
}
