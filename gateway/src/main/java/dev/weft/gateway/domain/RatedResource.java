package dev.weft.gateway.domain;

import java.time.Duration;

/** What is used up over time, and how much of it a basic tenant of one instance may use. */
public enum RatedResource {
  /** Of models. */
  LLM_TOKENS(100, 200, Duration.ofMinutes(1)),
  DISK_BYTES(25_000_000, 20_000_000, Duration.ofSeconds(1)),
  NETWORK_BYTES(25_000_000 / 8, 20_000_000 / 8, Duration.ofSeconds(1));

  private final long base;
  private final long user;
  private final Duration window;

  RatedResource(long base, long user, Duration window) {
    this.base = base;
    this.user = user;
    this.window = window;
  }

  /** What work of P4 and below may use in a window. */
  long base() {
    return base;
  }

  /** What one user may use in a window: a fifth of an instance's bytes, half of its tokens. */
  long user() {
    return user;
  }

  /** The time that the limits are for; a full bucket holds what comes back in it. */
  public Duration window() {
    return window;
  }
}
