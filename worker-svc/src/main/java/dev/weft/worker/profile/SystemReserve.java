package dev.weft.worker.profile;

import dev.weft.worker.domain.WorkerProfile.Hardware;

/**
 * What of a machine is kept for its system, and so offered to no task.
 *
 * @param cpu a part of all of it, 0…0.9
 */
record SystemReserve(double cpu, long memoryMb) {

  private static final double MOST_CPU = 0.9;
  private static final long MIB = 1L << 20;

  static SystemReserve of(Node node) {
    SystemReserve reserve =
        new SystemReserve(node.fraction("cpu", 0, MOST_CPU), node.amount("memory_mb", 0));
    node.close();
    return reserve;
  }

  /** What a machine with so much offers. */
  Hardware leaves(Hardware all) {
    long hasMb = all.memoryBytes() / MIB;
    if (memoryMb > 0 && memoryMb >= hasMb) {
      throw new ProfileException(
          "system_reserve.memory_mb: %d (expected: less than the machine has, %d)"
              .formatted(memoryMb, hasMb));
    }
    return new Hardware(
        all.cpuMilli() - (int) Math.ceil(all.cpuMilli() * cpu),
        all.memoryBytes() - memoryMb * MIB,
        all.diskBytes(),
        all.gpus());
  }
}
