package dev.weft.router.domain.task;

import java.time.Duration;

/** P0 is the most urgent. The codes are stored: never change one. */
public enum PriorityClass {
  P0(0),
  P1(1),
  P2(2),
  P3(3),
  P4(4),
  P5(5),
  P6(6);

  private static final PriorityClass[] ALL = values();

  private final int code;

  PriorityClass(int code) {
    this.code = code;
  }

  public static PriorityClass of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException("priority class: " + code + " (expected: 0..6)");
    }
    return ALL[code];
  }

  public int code() {
    return code;
  }

  /** By when after acceptance a task should have ended when its spec does not say. */
  public Duration deadline() {
    return switch (this) {
      case P0 -> Duration.ofMillis(200);
      case P1 -> Duration.ofMillis(500);
      case P2 -> Duration.ofSeconds(2);
      case P3 -> Duration.ofSeconds(5);
      case P4 -> Duration.ofSeconds(30);
      case P5 -> Duration.ofMinutes(1);
      case P6 -> Duration.ofMinutes(5);
    };
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
