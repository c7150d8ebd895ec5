package dev.weft.router.domain.task;

import java.time.Duration;

/** P0 is the most urgent. The ordinal is stored: never reorder. */
public enum PriorityClass {
  P0,
  P1,
  P2,
  P3,
  P4,
  P5,
  P6;

  private static final PriorityClass[] ALL = values();

  public static PriorityClass of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException("priority class: " + code + " (expected: 0..6)");
    }
    return ALL[code];
  }

  public int code() {
    return ordinal();
  }

  /** How long a task may wait when its spec does not say. */
  public Duration defaultExpiry() {
    return switch (this) {
      case P0, P1 -> Duration.ofMinutes(5);
      case P2, P3, P4 -> Duration.ofHours(1);
      case P5, P6 -> Duration.ofHours(24);
    };
  }
}
