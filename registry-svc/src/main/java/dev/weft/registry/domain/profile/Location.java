package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where a worker stands.
 *
 * @param site for people; may be empty
 * @param latency what the worker's configuration says, until the heartbeat's echo has measured it
 */
public record Location(String region, String site, Duration latency) {

  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Duration LONGEST = Duration.ofMinutes(1);

  public Location {
    Check.matches("region", region, REGION);
    Check.textOrEmpty("site", site, 128);
    if (latency.isNegative() || latency.compareTo(LONGEST) > 0) {
      throw new InvalidFieldException("latency", latency, "PT0S to " + LONGEST);
    }
  }
}
