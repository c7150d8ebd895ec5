package dev.weft.gateway.domain.estimate;

import static dev.weft.gateway.domain.estimate.Estimates.PUBLISHED;
import static dev.weft.gateway.domain.estimate.Estimates.drawn;
import static dev.weft.gateway.domain.estimate.Estimates.fleet;
import static dev.weft.gateway.domain.estimate.Estimates.line;
import static dev.weft.gateway.domain.estimate.Estimates.priced;
import static dev.weft.gateway.domain.estimate.Estimates.seeds;
import static dev.weft.gateway.domain.estimate.Estimates.usd;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Estimates by the published prices: their lines, and what holds for every fleet. */
class AgentCostModelTest {

  private static final List<Provider> CLOUD =
      List.of(Provider.FARGATE, Provider.FARGATE_SPOT, Provider.EC2, Provider.EC2_T4G_SMALL);

  @Test
  void everyLineIsItsQuantityTimesItsPrice() {
    FleetPlan fleet =
        fleet(
            Map.of(
                FleetInput.AGENTS, 10,
                FleetInput.ACTIVE_HOURS_PER_MONTH, 100,
                FleetInput.WORKSPACE_MB, 2048,
                FleetInput.EGRESS_MB_PER_HOUR, 1024,
                FleetInput.LOG_MB_PER_HOUR, 512,
                FleetInput.LOG_MONTHS, 3,
                FleetInput.NAT_GATEWAYS, 2));

    MonthCosts fargate = priced(PUBLISHED, fleet, Provider.FARGATE).asked();
    MonthCosts small = priced(PUBLISHED, fleet, Provider.EC2_T4G_SMALL).asked();

    assertLine(fargate, CostKind.COMPUTE, "24.685");
    assertLine(fargate, CostKind.DISK, "0");
    assertLine(fargate, CostKind.STORAGE, "0.46");
    assertLine(fargate, CostKind.EGRESS, "90");
    assertLine(fargate, CostKind.NAT_TRAFFIC, "45");
    assertLine(fargate, CostKind.PUBLIC_IPV4, "0");
    assertLine(fargate, CostKind.LOG_INGEST, "250");
    assertLine(fargate, CostKind.LOG_STORAGE, "45");
    assertLine(fargate, CostKind.NAT_GATEWAY, "65.7");
    assertLine(fargate, CostKind.NAT_ADDRESS, "7.3");
    assertThat(usd(fargate.shared())).isEqualByComparingTo("73");
    assertThat(usd(fargate.perAgent())).isEqualByComparingTo("45.5145");
    assertThat(usd(fargate.fleet())).isEqualByComparingTo("528.145");
    assertLine(small, CostKind.COMPUTE, "16.8");
    assertLine(small, CostKind.DISK, "1.095890");
  }

  @Test
  void aFleetOfNAgentsCostsNTimesOneButForWhatTheyShare() {
    for (Random random : seeds()) {
      Map<FleetInput, Integer> given = drawn(random);
      int agents = given.get(FleetInput.AGENTS);
      FleetPlan many = fleet(given);
      given.put(FleetInput.AGENTS, 1);
      FleetPlan one = fleet(given);

      for (Provider provider : Provider.values()) {
        MonthCosts all = priced(PUBLISHED, many, provider).asked();
        MonthCosts single = priced(PUBLISHED, one, provider).asked();

        assertThat(all.shared()).isEqualTo(single.shared());
        assertThat(all.perAgent()).isEqualTo(single.perAgent());
        assertThat(all.fleet()).isEqualTo(single.perAgent().times(agents).plus(all.shared()));
      }
    }
  }

  @Test
  void aHibernatedMonthIsStorageAloneAndWhatIsShared() {
    for (Random random : seeds()) {
      FleetPlan fleet = fleet(drawn(random));
      for (Provider provider : Provider.values()) {
        MonthCosts month = priced(PUBLISHED, fleet, provider).hibernated();

        assertThat(month.perAgent()).isEqualTo(line(month, CostKind.STORAGE).perAgent());
        assertThat(month.lines())
            .filteredOn(line -> !line.kind().shared() && line.kind() != CostKind.STORAGE)
            .extracting(CostLine::fleet)
            .containsOnly(Amount.ZERO);
      }
    }
  }

  @Test
  void aHibernatedWorkspaceIsNotFree() {
    MonthCosts month =
        priced(PUBLISHED, fleet(Map.of(FleetInput.NAT_GATEWAYS, 0)), Provider.FARGATE_SPOT)
            .hibernated();

    assertThat(usd(month.fleet())).isEqualByComparingTo("2.30");
    assertThat(usd(month.perAgent())).isEqualByComparingTo("0.023");
  }

  @Test
  void inTheCloudWhatIsPaidForUseGrowsAsTheHoursDo() {
    for (Random random : seeds()) {
      Map<FleetInput, Integer> given = drawn(random);
      int hours = random.nextInt(366);
      given.put(FleetInput.ACTIVE_HOURS_PER_MONTH, hours);
      FleetPlan once = fleet(given);
      given.put(FleetInput.ACTIVE_HOURS_PER_MONTH, 2 * hours);
      FleetPlan twice = fleet(given);

      for (Provider provider : CLOUD) {
        Estimate.Priced base = priced(PUBLISHED, once, provider);
        Amount used = base.asked().fleet().less(base.hibernated().fleet());

        assertThat(priced(PUBLISHED, twice, provider).asked().fleet())
            .isEqualTo(base.hibernated().fleet().plus(used).plus(used));
      }
    }
  }

  @Test
  void anHourOfEachDayIsATwentyFourthOfTheMonth() {
    FleetPlan daily = fleet(Map.of(FleetInput.ACTIVE_HOURS_PER_DAY, 8));

    assertThat(daily.activeMinutes()).isEqualTo(14_600);
    assertThat(fleet(Map.of(FleetInput.ACTIVE_HOURS_PER_DAY, 24)).activeMinutes())
        .isEqualTo(730 * 60);
    assertThat(line(priced(PUBLISHED, daily, Provider.EC2).asked(), CostKind.COMPUTE).perAgent())
        .isEqualTo(Amount.nanos(16_800_000L * 730).over(3));
  }

  @Test
  void anAgentsOwnAddressSparesTheNatGatewaysTrafficAndCostsItself() {
    Map<FleetInput, Integer> given = new EnumMap<>(FleetInput.class);
    MonthCosts own = priced(PUBLISHED, FleetPlan.of(given, true), Provider.FARGATE_SPOT).active();

    assertThat(usd(line(own, CostKind.PUBLIC_IPV4).perAgent())).isEqualByComparingTo("3.65");
    assertThat(line(own, CostKind.NAT_TRAFFIC).fleet()).isEqualTo(Amount.ZERO);
  }

  @Test
  void aServersMonthIsCappedAndHasItsTrafficAndItsAddress() {
    Estimate.Priced idle = priced(PUBLISHED, fleet(Map.of()), Provider.VPS);
    Map<FleetInput, Integer> half = Map.of(FleetInput.ACTIVE_HOURS_PER_MONTH, 336);
    Map<FleetInput, Integer> busy =
        Map.of(FleetInput.ACTIVE_HOURS_PER_MONTH, 672, FleetInput.EGRESS_MB_PER_HOUR, 4096);
    MonthCosts sent = priced(PUBLISHED, fleet(busy), Provider.VPS).asked();

    assertThat(idle.size()).isEqualTo("s-1vcpu-2gb");
    assertThat(usd(line(idle.active(), CostKind.COMPUTE).perAgent())).isEqualByComparingTo("12");
    assertThat(
            usd(
                line(priced(PUBLISHED, fleet(half), Provider.VPS).asked(), CostKind.COMPUTE)
                    .perAgent()))
        .isEqualByComparingTo("6");
    assertThat(line(idle.active(), CostKind.EGRESS).fleet()).isEqualTo(Amount.ZERO);
    assertThat(usd(line(sent, CostKind.EGRESS).perAgent())).isEqualByComparingTo("6.88");
    assertThat(idle.active().shared()).isEqualTo(Amount.ZERO);
  }

  @Test
  void whatFitsNowhereSaysSo() {
    FleetPlan large = fleet(Map.of(FleetInput.VCPU_MILLIS, 16_000));
    AgentCostModel model = new AgentCostModel(PUBLISHED);

    assertThat(priced(PUBLISHED, large, Provider.FARGATE).size()).isEqualTo("16 vCPU, 32 GB");
    for (Provider provider : List.of(Provider.EC2_T4G_SMALL, Provider.EC2, Provider.VPS)) {
      assertThat(model.estimate(large, provider))
          .isEqualTo(
              new Estimate.Unavailable(provider, "no size holds one agent beside its system"));
    }
  }

  @Test
  void theTableOfTodayHasAPriceForEverythingWithItsSourceAndItsDay() {
    assertThat(new AgentCostModel(PUBLISHED).notPriced()).isEmpty();
    assertThat(PUBLISHED.version()).isEqualTo(PUBLISHED.dated().toString());
    assertThat(PUBLISHED.all())
        .hasSize(Meter.values().length + PUBLISHED.ec2().size() + PUBLISHED.vps().size())
        .allSatisfy(
            price -> {
              assertThat(price.nanos()).isPositive();
              assertThat(price.source()).startsWith("https://");
              assertThat(price.region()).isNotBlank();
            });
    assertThat(PUBLISHED.ec2()).extracting(machine -> machine.price().nanos()).isSorted();
    assertThat(PUBLISHED.vps()).extracting(machine -> machine.price().nanos()).isSorted();
  }

  private static void assertLine(MonthCosts costs, CostKind kind, String fleet) {
    assertThat(usd(line(costs, kind).fleet())).as(kind.name()).isEqualByComparingTo(fleet);
  }
}
