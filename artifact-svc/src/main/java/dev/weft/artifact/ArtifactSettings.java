package dev.weft.artifact;

import dev.weft.artifact.app.StoreLimits;
import dev.weft.artifact.domain.ArtifactRules;
import java.time.Duration;

/** The configuration as each part wants it, after a look at whether it makes sense. */
record ArtifactSettings(StoreLimits limits, Duration grace, int mostTransfers, Duration stall) {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  static ArtifactSettings of(ArtifactConfig.Artifact config) {
    between("sweep-interval", config.sweepInterval(), SECOND, DAY);
    between("scan-interval", config.scanInterval(), SECOND, DAY.multipliedBy(30));
    between("lease-memory", config.leaseMemory(), Duration.ZERO, Duration.ofSeconds(5));
    long most = config.mostBytes().asLongValue();
    if (most < 1) {
      throw nonsense("most-bytes", most, "1 and more");
    }
    if (config.mostTransfers() < 1) {
      throw nonsense("most-transfers", config.mostTransfers(), "1 and more");
    }
    return new ArtifactSettings(
        new StoreLimits(
            most, config.keepFree().asLongValue(), ArtifactRules.lifetime(config.lifetime())),
        between("grace", config.grace(), SECOND, DAY.multipliedBy(30)),
        config.mostTransfers(),
        between("stall-limit", config.stallLimit(), SECOND, DAY));
  }

  private static Duration between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw nonsense(name, value, least + " to " + most);
    }
    return value;
  }

  private static IllegalArgumentException nonsense(String name, Object value, String expected) {
    return new IllegalArgumentException(
        "weft.artifact." + name + ": " + value + " (expected: " + expected + ")");
  }
}
