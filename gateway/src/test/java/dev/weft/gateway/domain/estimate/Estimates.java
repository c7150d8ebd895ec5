package dev.weft.gateway.domain.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Fleets and their costs as tests ask for them. */
final class Estimates {

  static final PriceBook PUBLISHED = PriceBooks.of("", "");
  static final PriceBook PROPOSAL = PriceBooks.of("proposal-2026-01-31", "us-east-1");

  private Estimates() {}

  static Estimate.Priced priced(PriceBook prices, FleetPlan fleet, Provider provider) {
    Estimate estimate = new AgentCostModel(prices).estimate(fleet, provider);
    assertThat(estimate).isInstanceOf(Estimate.Priced.class);
    return (Estimate.Priced) estimate;
  }

  static CostLine line(MonthCosts costs, CostKind kind) {
    return costs.lines().stream().filter(line -> line.kind() == kind).findFirst().orElseThrow();
  }

  /** In the currency's unit, to a millionth. */
  static BigDecimal usd(Amount amount) {
    return BigDecimal.valueOf(amount.micros(), 6);
  }

  static FleetPlan fleet(Map<FleetInput, Integer> given) {
    return FleetPlan.of(given, false);
  }

  /** Small enough to fit everywhere. */
  static Map<FleetInput, Integer> drawn(Random random) {
    Map<FleetInput, Integer> given = new EnumMap<>(FleetInput.class);
    given.put(FleetInput.VCPU_MILLIS, 1 + random.nextInt(2000));
    given.put(FleetInput.MEMORY_MB, 1 + random.nextInt(1700));
    given.put(FleetInput.AGENTS, 1 + random.nextInt(10_000));
    given.put(FleetInput.ACTIVE_HOURS_PER_MONTH, random.nextInt(731));
    given.put(FleetInput.WORKSPACE_MB, random.nextInt(30_000));
    given.put(FleetInput.EGRESS_MB_PER_HOUR, random.nextInt(8000));
    given.put(FleetInput.LOG_MB_PER_HOUR, random.nextInt(500));
    given.put(FleetInput.LOG_MONTHS, random.nextInt(24));
    given.put(FleetInput.NAT_GATEWAYS, random.nextInt(4));
    return given;
  }

  static List<Random> seeds() {
    return new Random(7).longs(200).mapToObj(Random::new).toList();
  }
}
