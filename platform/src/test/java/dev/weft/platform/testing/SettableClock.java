package dev.weft.platform.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Wall time that stands still until a test moves it; may go backwards, as real clocks do. */
public final class SettableClock implements InstantSource {

  private volatile Instant now;

  public SettableClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  public SettableClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void set(Instant instant) {
    now = instant;
  }

  public synchronized void advance(Duration step) {
    now = now.plus(step);
  }
}
