package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;
import dev.weft.registry.domain.check.InvalidFieldException;
import java.util.List;

/** What the machine has. Like processors stand in the list once each. */
public record Hardware(long cpuMilli, long memoryBytes, long diskBytes, List<Gpu> gpus) {

  static final long MOST_BYTES = 1L << 60;
  private static final int MOST_GPUS = 1024;

  public Hardware {
    Check.within("cpu_milli", cpuMilli, 1, 100_000_000);
    Check.within("memory_bytes", memoryBytes, 1, MOST_BYTES);
    Check.within("disk_bytes", diskBytes, 0, MOST_BYTES);
    if (gpus.size() > MOST_GPUS) {
      throw new InvalidFieldException("gpus", gpus.size() + " entries", "at most " + MOST_GPUS);
    }
    gpus = List.copyOf(gpus);
  }
}
