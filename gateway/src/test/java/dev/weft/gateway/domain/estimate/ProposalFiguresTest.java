package dev.weft.gateway.domain.estimate;

import static dev.weft.gateway.domain.estimate.Estimates.PROPOSAL;
import static dev.weft.gateway.domain.estimate.Estimates.line;
import static dev.weft.gateway.domain.estimate.Estimates.priced;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Section 5 of the proposal, from its own prices and what is assumed without being asked. */
class ProposalFiguresTest {

  private static final FleetPlan FLEET = FleetPlan.of(Map.of(), false);

  private final Estimate.Priced spot = priced(PROPOSAL, FLEET, Provider.FARGATE_SPOT);
  private final Estimate.Priced small = priced(PROPOSAL, FLEET, Provider.EC2_T4G_SMALL);

  @Test
  void itsAssumptionsAreWhatIsAssumed() {
    assertThat(FLEET.numbers())
        .containsEntry(FleetInput.AGENTS, 100)
        .containsEntry(FleetInput.ACTIVE_HOURS_PER_MONTH, 730)
        .containsEntry(FleetInput.VCPU_MILLIS, 500)
        .containsEntry(FleetInput.MEMORY_MB, 1024);
    assertThat(spot.size()).isEqualTo("0.5 vCPU, 1 GB");
    assertThat(spot.region()).isEqualTo("us-east-1");
    assertThat(PROPOSAL.dated()).isEqualTo(LocalDate.of(2026, 1, 31));
  }

  @Test
  void anAgentHourIsHalfAVcpuAndAGigabyte() {
    Amount hour = spot.active().perAgent().over(730);

    assertThat(PROPOSAL.price(Meter.FARGATE_SPOT_VCPU_HOUR).orElseThrow().nanos())
        .isEqualTo(12_500_000);
    assertThat(PROPOSAL.price(Meter.FARGATE_SPOT_GB_HOUR).orElseThrow().nanos())
        .isEqualTo(1_500_000);
    assertThat(hour).isEqualTo(Amount.nanos(7_750_000));
    assertThat(Estimates.usd(hour)).isEqualByComparingTo("0.00775");
  }

  @Test
  void aMonthOfOneAgentAndOfAHundredIsWhatItSays() {
    assertThat(cents(spot.active().perAgent())).isEqualByComparingTo("5.66");
    assertThat(Estimates.usd(spot.active().perAgent()))
        .isEqualByComparingTo("5.6575")
        .isLessThan(BigDecimal.valueOf(6));
    assertThat(Estimates.usd(spot.active().fleet()))
        .isEqualByComparingTo("565.75")
        .isLessThan(BigDecimal.valueOf(600));
    assertThat(Estimates.usd(spot.active().fleet()).setScale(0, RoundingMode.HALF_UP))
        .isEqualByComparingTo("566");
    assertThat(spot.asked()).isEqualTo(spot.active());
  }

  @Test
  void aSmallInstanceIsTwelveDollarsAndSpotSavesAboutHalf() {
    BigDecimal saved =
        BigDecimal.ONE.subtract(
            Estimates.usd(spot.active().fleet())
                .divide(Estimates.usd(small.active().fleet()), 4, RoundingMode.HALF_UP));

    assertThat(Estimates.usd(small.active().perAgent())).isEqualByComparingTo("12");
    assertThat(saved).isBetween(new BigDecimal("0.50"), new BigDecimal("0.55"));
  }

  @Test
  void whatItLeavesOutIsNamedAndNotCountedAsFree() {
    assertThat(new AgentCostModel(PROPOSAL).notPriced())
        .containsExactly(
            CostKind.DISK,
            CostKind.STORAGE,
            CostKind.EGRESS,
            CostKind.NAT_TRAFFIC,
            CostKind.PUBLIC_IPV4,
            CostKind.LOG_INGEST,
            CostKind.LOG_STORAGE,
            CostKind.NAT_GATEWAY,
            CostKind.NAT_ADDRESS);
    assertThat(line(spot.active(), CostKind.COMPUTE).fleet()).isEqualTo(spot.active().fleet());
    assertThat(spot.hibernated().fleet()).isEqualTo(Amount.ZERO);
    for (Provider absent : List.of(Provider.FARGATE, Provider.VPS)) {
      assertThat(new AgentCostModel(PROPOSAL).estimate(FLEET, absent))
          .isEqualTo(new Estimate.Unavailable(absent, "no price in proposal-2026-01-31"));
    }
  }

  private static BigDecimal cents(Amount amount) {
    return Estimates.usd(amount).setScale(2, RoundingMode.HALF_UP);
  }
}
