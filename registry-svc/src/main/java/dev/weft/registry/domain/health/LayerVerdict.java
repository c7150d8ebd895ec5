package dev.weft.registry.domain.health;

import java.time.Duration;

/**
 * One layer of one worker.
 *
 * @param failures in a row, of as many as make it OUT
 * @param recoveries good looks in a row since it is OUT, of as many as lift that
 * @param age since the layer was last judged
 * @param reason what was wrong; empty while nothing is
 */
public record LayerVerdict(
    String layer,
    HealthGrade grade,
    Count failures,
    Count recoveries,
    Duration age,
    String reason) {

  /** So many of so many. */
  public record Count(int now, int threshold) {}
}
