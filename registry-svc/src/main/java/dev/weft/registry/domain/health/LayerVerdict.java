package dev.weft.registry.domain.health;

import java.time.Duration;
import java.util.Optional;

/**
 * One layer of one worker.
 *
 * @param failures in a row, of as many as make it OUT
 * @param recoveries good looks in a row since it is OUT, of as many as lift that
 * @param age since the layer was last judged
 * @param reason what was wrong; empty while nothing is
 * @param lastError what failed last, also long ago
 */
public record LayerVerdict(
    String layer,
    HealthGrade grade,
    Count failures,
    Count recoveries,
    Duration age,
    String reason,
    Optional<LayerVerdict.LastError> lastError) {

  /** So many of so many. */
  public record Count(int now, int threshold) {}

  /** A failure and how long ago it was. */
  public record LastError(String text, Duration age) {}

  /** The same, held to be the fault of a service that workers share: it still gets work. */
  LayerVerdict heldToBeShared() {
    return new LayerVerdict(
        layer,
        HealthGrade.DEGRADED,
        failures,
        recoveries,
        age,
        reason + " (held to be the service's fault)",
        lastError);
  }
}
