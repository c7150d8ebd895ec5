package dev.weft.router.domain.cell;

import java.util.Map;

/**
 * Why the cell did not do what was asked.
 *
 * @param metadata every variable that the message names
 */
public record Denial(Reason reason, String message, Map<String, String> metadata) {

  public Denial {
    metadata = Map.copyOf(metadata);
  }

  public static Denial of(Reason reason, String message) {
    return new Denial(reason, message, Map.of());
  }

  /** Names from docs/errors.md. */
  public enum Reason {
    QUEUE_FULL,
    IDEMPOTENCY_CONFLICT,
    TASK_ID_SKEWED,
    DEAD_LETTER_NOT_FOUND,
    WORKER_NOT_FOUND,
    CELL_UNAVAILABLE,
    NOT_HOLDER,
    UNSUPPORTED_PROTOCOL,
    SUPERSEDED
  }
}
