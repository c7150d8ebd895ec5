package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.time.Duration;

/** Virtual machines that the worker can start. */
public record Virtualization(
    String platform, long concurrentVms, Duration bootTime, boolean snapshotSupport) {

  private static final Duration LONGEST_BOOT = Duration.ofHours(1);

  public Virtualization {
    Check.text("platform", platform, 128);
    Check.within("concurrent_vms", concurrentVms, 1, 1_000_000);
    if (bootTime.isNegative() || bootTime.compareTo(LONGEST_BOOT) > 0) {
      throw new InvalidFieldException("boot_time", bootTime, "PT0S to " + LONGEST_BOOT);
    }
  }
}
