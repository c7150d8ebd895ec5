package dev.weft.gateway.domain.estimate;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** A size that Fargate has; not every number of vCPUs goes with every memory. */
record FargateSize(int vcpuMillis, int memoryMb) {

  private static final List<Step> STEPS =
      List.of(
          new Step(250, 512, 512, 512),
          new Step(250, 1024, 2048, 1024),
          new Step(500, 1024, 4096, 1024),
          new Step(1000, 2048, 8192, 1024),
          new Step(2000, 4096, 16_384, 1024),
          new Step(4000, 8192, 30_720, 1024),
          new Step(8000, 16_384, 61_440, 4096),
          new Step(16_000, 32_768, 122_880, 8192));

  /** The smallest in which one agent fits; it is also the cheapest. */
  static Optional<FargateSize> of(FleetPlan fleet) {
    int memory = fleet.get(FleetInput.MEMORY_MB);
    return STEPS.stream()
        .filter(
            step -> step.vcpuMillis >= fleet.get(FleetInput.VCPU_MILLIS) && step.mostMb >= memory)
        .findFirst()
        .map(step -> new FargateSize(step.vcpuMillis, step.rounded(memory)));
  }

  String text() {
    return shown(vcpuMillis, 1000) + " vCPU, " + shown(memoryMb, 1024) + " GB";
  }

  private static String shown(int value, int per) {
    return BigDecimal.valueOf(value)
        .divide(BigDecimal.valueOf(per))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Memory that goes with a number of vCPUs: from least to most, in steps of one size. */
  private record Step(int vcpuMillis, int leastMb, int mostMb, int stepMb) {

    int rounded(int memoryMb) {
      int above = Math.max(0, memoryMb - leastMb);
      return leastMb + Math.ceilDiv(above, stepMb) * stepMb;
    }
  }
}
