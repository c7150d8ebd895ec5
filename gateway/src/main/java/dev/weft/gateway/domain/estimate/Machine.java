package dev.weft.gateway.domain.estimate;

/**
 * A machine that is let by time.
 *
 * @param diskMb its own disk; 0 if a volume is attached, which has its own price
 * @param transferMb what it may send in a month for its price
 * @param priceHours for how many hours the price is; a month of more hours than these, if they are
 *     more than one, costs no more
 */
record Machine(
    String size,
    int vcpuMillis,
    int memoryMb,
    int diskMb,
    int transferMb,
    int priceHours,
    Price price) {

  /** Memory that the system of a machine takes for itself. */
  static final int SYSTEM_MEMORY_MB = 256;

  /** Disk that the system of a machine takes for itself. */
  static final int SYSTEM_DISK_MB = 8 * 1024;

  /** Whether one agent fits beside the machine's system. */
  boolean holds(FleetPlan fleet) {
    return vcpuMillis >= fleet.get(FleetInput.VCPU_MILLIS)
        && memoryMb >= fleet.get(FleetInput.MEMORY_MB) + SYSTEM_MEMORY_MB
        && (diskMb == 0 || diskMb >= fleet.get(FleetInput.WORKSPACE_MB) + SYSTEM_DISK_MB);
  }

  Amount compute(long minutes) {
    return price.amount().times(charged(minutes)).over(priceHours * 60L);
  }

  /** Minutes that are charged of those in which it runs in a month. */
  long charged(long minutes) {
    return priceHours == 1 ? minutes : Math.min(minutes, priceHours * 60L);
  }
}
