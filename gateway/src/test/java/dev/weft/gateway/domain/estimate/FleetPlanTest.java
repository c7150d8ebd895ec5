package dev.weft.gateway.domain.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Violation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be asked, and on which of Fargate's sizes it lands. */
class FleetPlanTest {

  @ParameterizedTest
  @EnumSource(FleetInput.class)
  void whatIsAssumedIsWithinItsBoundsAndWhatIsNotIsNamed(FleetInput input) {
    assertThat(input.allows(input.assumed())).isTrue();
    for (int value : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      InvalidRequest refused =
          catchThrowableOfType(
              InvalidRequest.class, () -> FleetPlan.of(Map.of(input, value), false));
      assertThat(refused.violations())
          .containsExactly(
              new Violation("fleet." + input.field(), Integer.toString(value), input.bounds()));
    }
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    InvalidRequest refused =
        catchThrowableOfType(
            InvalidRequest.class,
            () ->
                FleetPlan.of(
                    Map.of(
                        FleetInput.AGENTS, 0,
                        FleetInput.MEMORY_MB, 200_000,
                        FleetInput.ACTIVE_HOURS_PER_MONTH, 10,
                        FleetInput.ACTIVE_HOURS_PER_DAY, 2),
                    false));

    assertThat(refused.violations())
        .extracting(Violation::message)
        .containsExactlyInAnyOrder(
            "fleet.agents: 0 (expected: 1..1000000)",
            "fleet.memory_mb: 200000 (expected: 1..122880)",
            "fleet.active_hours_per_day: 2 (expected: unset beside active_hours_per_month)");
  }

  @Test
  void theDearestFleetStillFitsInMicros() {
    FleetPlan dearest =
        FleetPlan.of(
            Map.of(
                FleetInput.VCPU_MILLIS, 16_000,
                FleetInput.MEMORY_MB, 122_880,
                FleetInput.AGENTS, 1_000_000,
                FleetInput.WORKSPACE_MB, 204_800,
                FleetInput.EGRESS_MB_PER_HOUR, 102_400,
                FleetInput.LOG_MB_PER_HOUR, 102_400,
                FleetInput.LOG_MONTHS, 120),
            false);

    assertThat(
            Estimates.priced(Estimates.PUBLISHED, dearest, Provider.FARGATE)
                .active()
                .fleet()
                .micros())
        .isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, '0.25 vCPU, 0.5 GB'",
    "250, 513, '0.25 vCPU, 1 GB'",
    "250, 2049, '0.5 vCPU, 3 GB'",
    "500, 1024, '0.5 vCPU, 1 GB'",
    "501, 1024, '1 vCPU, 2 GB'",
    "300, 1536, '0.5 vCPU, 2 GB'",
    "4000, 30720, '4 vCPU, 30 GB'",
    "4000, 30721, '8 vCPU, 32 GB'",
    "16000, 122880, '16 vCPU, 120 GB'"
  })
  void fargateHasTheNextSizeUp(int vcpuMillis, int memoryMb, String size) {
    FleetPlan fleet =
        FleetPlan.of(
            Map.of(FleetInput.VCPU_MILLIS, vcpuMillis, FleetInput.MEMORY_MB, memoryMb), false);

    assertThat(FargateSize.of(fleet)).map(FargateSize::text).contains(size);
  }
}
