package dev.weft.worker.domain;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What one attempt may use. A hit ends the whole attempt with its own reason, so that nobody has to
 * guess from an exit code.
 *
 * @param wallTime how long it may run
 * @param outputBytes how much it may write to stdout and stderr together
 */
public record Limits(
    long memoryBytes,
    int processes,
    Duration cpuTime,
    long outputBytes,
    Duration wallTime,
    int openFiles,
    long fileBytes,
    long scratchBytes) {

  public Limits {
    positive("memory limit", memoryBytes);
    positive("process limit", processes);
    positive("CPU time limit", cpuTime.toMillis());
    positive("output limit", outputBytes);
    positive("wall time limit", wallTime.toMillis());
    positive("open file limit", openFiles);
    positive("file size limit", fileBytes);
    positive("scratch limit", scratchBytes);
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }

  /** The limits of one task: its own memory and time where it names them, never above these. */
  public Limits forTask(Resources reserved, Duration timeout) {
    long memory =
        reserved.memoryBytes() == 0 ? memoryBytes : Math.min(memoryBytes, reserved.memoryBytes());
    Duration wall = timeout.compareTo(wallTime) < 0 ? timeout : wallTime;
    return new Limits(
        memory, processes, cpuTime, outputBytes, wall, openFiles, fileBytes, scratchBytes);
  }

  /**
   * Whether a sandbox that was made for these can be held to the others: its memory, output and run
   * time are bounded from outside, all else by what was laid down when it was made.
   */
  public boolean canBecome(Limits others) {
    return processes == others.processes
        && cpuTime.equals(others.cpuTime)
        && openFiles == others.openFiles
        && fileBytes == others.fileBytes
        && scratchBytes == others.scratchBytes;
  }

  /** The limit that is hit, if one is. */
  public Optional<Failure> breach(Usage usage, Duration wall, long written) {
    if (usage.limitHit() == Usage.KernelHit.MEMORY || usage.memoryBytes() > memoryBytes) {
      return Optional.of(memoryFailure());
    }
    if (usage.limitHit() == Usage.KernelHit.PROCESSES || usage.processes() > processes) {
      return Optional.of(hit(FailureReason.PROCESS_LIMIT, "processes", "processes", processes));
    }
    if (written > outputBytes) {
      return Optional.of(hit(FailureReason.OUTPUT_LIMIT, "output", "output_bytes", outputBytes));
    }
    if (usage.cpu().compareTo(cpuTime) > 0) {
      return Optional.of(
          hit(FailureReason.CPU_TIME_LIMIT, "CPU time", "cpu_millis", cpuTime.toMillis()));
    }
    if (wall.compareTo(wallTime) > 0) {
      return Optional.of(
          hit(FailureReason.WALL_TIME_LIMIT, "run time", "wall_millis", wallTime.toMillis()));
    }
    return Optional.empty();
  }

  /** Too much memory was used. */
  public Failure memoryFailure() {
    return hit(FailureReason.MEMORY_LIMIT, "memory", "memory_bytes", memoryBytes);
  }

  private static Failure hit(FailureReason reason, String what, String key, long limit) {
    return new Failure(
        reason,
        what + ": over its limit (expected: <= " + limit + " " + key + ")",
        Map.of(key, Long.toString(limit)));
  }
}
