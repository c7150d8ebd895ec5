package dev.weft.gateway.domain.estimate;

import static dev.weft.gateway.domain.estimate.FleetPlan.MONTH_MINUTES;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Estimates by one table of prices. */
public final class AgentCostModel {

  private static final String COMPARED = "t4g.small";

  private final PriceBook table;

  public AgentCostModel(PriceBook table) {
    this.table = table;
  }

  public Estimate estimate(FleetPlan fleet, Provider provider) {
    return switch (provider) {
      case FARGATE -> fargate(fleet, provider, Meter.FARGATE_VCPU_HOUR, Meter.FARGATE_GB_HOUR);
      case FARGATE_SPOT ->
          fargate(fleet, provider, Meter.FARGATE_SPOT_VCPU_HOUR, Meter.FARGATE_SPOT_GB_HOUR);
      case EC2_T4G_SMALL -> {
        List<Machine> compared =
            table.ec2().stream().filter(machine -> machine.size().equals(COMPARED)).toList();
        yield instance(fleet, provider, compared);
      }
      case EC2 -> instance(fleet, provider, table.ec2());
      case VPS ->
          fitting(table.vps(), fleet)
              .<Estimate>map(
                  machine -> priced(fleet, provider, new Body.Server(machine), machine.price()))
              .orElseGet(() -> unavailable(provider, table.vps().isEmpty()));
    };
  }

  /** What no estimate by this table has, since it has no price for it. */
  public Set<CostKind> notPriced() {
    Set<CostKind> kinds = EnumSet.noneOf(CostKind.class);
    lacking(kinds, CostKind.DISK, Meter.VOLUME_GB_MONTH);
    lacking(kinds, CostKind.STORAGE, Meter.STORAGE_GB_MONTH);
    lacking(kinds, CostKind.EGRESS, Meter.EGRESS_GB);
    lacking(kinds, CostKind.NAT_TRAFFIC, Meter.NAT_GB);
    lacking(kinds, CostKind.PUBLIC_IPV4, Meter.IPV4_HOUR);
    lacking(kinds, CostKind.LOG_INGEST, Meter.LOG_GB);
    lacking(kinds, CostKind.LOG_STORAGE, Meter.LOG_GB_MONTH);
    lacking(kinds, CostKind.NAT_GATEWAY, Meter.NAT_HOUR);
    lacking(kinds, CostKind.NAT_ADDRESS, Meter.IPV4_HOUR);
    return kinds;
  }

  private void lacking(Set<CostKind> kinds, CostKind kind, Meter meter) {
    if (table.price(meter).isEmpty()) {
      kinds.add(kind);
    }
  }

  private Estimate fargate(FleetPlan fleet, Provider provider, Meter vcpuHour, Meter gbHour) {
    Optional<Price> price = table.price(vcpuHour);
    Optional<FargateSize> size = FargateSize.of(fleet);
    return price.isPresent() && size.isPresent()
        ? priced(fleet, provider, new Body.Fargate(size.get(), vcpuHour, gbHour), price.get())
        : unavailable(provider, price.isEmpty());
  }

  private Estimate instance(FleetPlan fleet, Provider provider, List<Machine> sizes) {
    return fitting(sizes, fleet)
        .<Estimate>map(
            machine -> priced(fleet, provider, new Body.Instance(machine), machine.price()))
        .orElseGet(() -> unavailable(provider, sizes.isEmpty()));
  }

  private static Optional<Machine> fitting(List<Machine> sizes, FleetPlan fleet) {
    return sizes.stream().filter(machine -> machine.holds(fleet)).findFirst();
  }

  private Estimate priced(FleetPlan fleet, Provider provider, Body body, Price price) {
    return new Estimate.Priced(
        provider,
        price.host(),
        price.region(),
        body.size(),
        new MonthBill(table, fleet, body, fleet.activeMinutes()).costs(),
        new MonthBill(table, fleet, body, MONTH_MINUTES).costs(),
        new MonthBill(table, fleet, body, 0).costs());
  }

  private Estimate unavailable(Provider provider, boolean unpriced) {
    return new Estimate.Unavailable(
        provider,
        unpriced ? "no price in " + table.version() : "no size holds one agent beside its system");
  }
}
