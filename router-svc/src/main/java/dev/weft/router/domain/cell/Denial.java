package dev.weft.router.domain.cell;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Why the cell did not do what was asked.
 *
 * @param metadata every variable that the message names
 * @param retryAfter when another try makes sense, if that is known
 */
public record Denial(
    Reason reason, String message, Map<String, String> metadata, Optional<Duration> retryAfter) {

  public Denial {
    metadata = Map.copyOf(metadata);
  }

  public Denial(Reason reason, String message, Map<String, String> metadata) {
    this(reason, message, metadata, Optional.empty());
  }

  /** The same, saying when another try makes sense. */
  Denial retryAfter(Duration pause) {
    return new Denial(reason, message, metadata, Optional.of(pause));
  }

  public static Denial of(Reason reason, String message) {
    return new Denial(reason, message, Map.of());
  }

  /** Names from docs/errors.md. */
  public enum Reason {
    QUEUE_FULL,
    OVERLOADED,
    LIMIT_EXCEEDED,
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
