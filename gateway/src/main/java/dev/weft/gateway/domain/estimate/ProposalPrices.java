package dev.weft.gateway.domain.estimate;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** What the proposal of 2026-01-31 reckons with: compute alone, approximate Spot prices. */
final class ProposalPrices {

  private static final String REGION = "us-east-1";
  private static final LocalDate DATE = LocalDate.of(2026, 1, 31);
  private static final String SOURCE = "the proposal, section 5";

  private ProposalPrices() {}

  static PriceBook table() {
    Price small = price("EC2 t4g.small, on demand, approximate", "month of 730 h", 12_000_000_000L);
    return new PriceBook(
        "proposal-" + DATE,
        REGION,
        Map.of(
            Meter.FARGATE_SPOT_VCPU_HOUR,
            price("Fargate Spot vCPU, approximate", "vCPU-hour", 12_500_000),
            Meter.FARGATE_SPOT_GB_HOUR,
            price("Fargate Spot memory, approximate", "GB-hour", 1_500_000)),
        List.of(new Machine("t4g.small", 2000, 2048, 0, 0, 730, small)),
        List.of());
  }

  private static Price price(String item, String unit, long nanos) {
    return new Price(item, unit, nanos, "AWS", REGION, SOURCE, DATE);
  }
}
