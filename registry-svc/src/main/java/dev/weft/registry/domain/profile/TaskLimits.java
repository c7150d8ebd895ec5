package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;

/** The most that one task can have on this worker; 0 where the machine is the only limit. */
public record TaskLimits(long maxMemoryBytes, long maxCpuMilli, long maxDiskBytes) {

  public TaskLimits {
    Check.within("max_memory_bytes", maxMemoryBytes, 0, Hardware.MOST_BYTES);
    Check.within("max_cpu_milli", maxCpuMilli, 0, 100_000_000);
    Check.within("max_disk_bytes", maxDiskBytes, 0, Hardware.MOST_BYTES);
  }
}
