package dev.weft.router.domain.fleet;

/** Amounts of a machine. */
public record Resources(long cpuMilli, long memoryBytes, long diskBytes, int gpus) {

  public static final Resources NONE = new Resources(0, 0, 0, 0);

  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  public Resources {
    if (cpuMilli < 0 || memoryBytes < 0 || diskBytes < 0 || gpus < 0) {
      throw new IllegalArgumentException(
          "resources: cpu %d, memory %d, disk %d, gpus %d (expected: none below 0)"
              .formatted(cpuMilli, memoryBytes, diskBytes, gpus));
    }
  }

  public boolean fitsIn(Resources room) {
    return cpuMilli <= room.cpuMilli
        && memoryBytes <= room.memoryBytes
        && diskBytes <= room.diskBytes
        && gpus <= room.gpus;
  }

  public Resources plus(Resources other) {
    return new Resources(
        cpuMilli + other.cpuMilli,
        memoryBytes + other.memoryBytes,
        diskBytes + other.diskBytes,
        gpus + other.gpus);
  }

  /** Rounded up to steps, so that tasks which hardly differ share one shape. */
  public Resources rounded() {
    return new Resources(
        up(cpuMilli, cpuMilli <= 1_000 ? 50 : 250), upBytes(memoryBytes), upBytes(diskBytes), gpus);
  }

  private static long upBytes(long bytes) {
    long step = bytes <= GIB ? 16 * MIB : bytes <= 16 * GIB ? 128 * MIB : GIB;
    return up(bytes, step);
  }

  private static long up(long amount, long step) {
    return Math.ceilDiv(amount, step) * step;
  }
}
