package dev.weft.worker.domain;

import java.time.Duration;

/**
 * What an attempt used so far.
 *
 * @param processes running processes and threads
 * @param limitHit the limit that the kernel itself saw hit, if any
 */
public record Usage(
    Duration cpu, long memoryBytes, long peakMemoryBytes, int processes, KernelHit limitHit) {

  public static final Usage NOTHING = new Usage(Duration.ZERO, 0, 0, 0, KernelHit.NONE);

  /** What the kernel refused or killed. */
  public enum KernelHit {
    NONE,
    MEMORY,
    PROCESSES
  }

  /** The larger of each number of two views of one attempt. */
  public Usage atLeast(Usage other) {
    return new Usage(
        cpu.compareTo(other.cpu) >= 0 ? cpu : other.cpu,
        memoryBytes,
        Math.max(peakMemoryBytes, other.peakMemoryBytes),
        processes,
        limitHit == KernelHit.NONE ? other.limitHit : limitHit);
  }
}
