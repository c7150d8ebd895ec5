package dev.weft.gateway.domain.estimate;

import static dev.weft.gateway.domain.estimate.FleetPlan.MONTH_MINUTES;

import java.util.ArrayList;
import java.util.List;

/** Adds up a fleet's month on one kind of machine: each quantity times its price. */
final class MonthBill {

  private static final int MB_PER_GB = 1024;
  private static final int MINUTES_PER_HOUR = 60;

  /** What a Fargate task has without paying for it. */
  private static final int FARGATE_DISK_MB = 20 * MB_PER_GB;

  private final PriceBook table;
  private final FleetPlan fleet;
  private final Body body;
  private final int minutes;

  /**
   * @param minutes for how many minutes of the month each agent is active
   */
  MonthBill(PriceBook table, FleetPlan fleet, Body body, int minutes) {
    this.table = table;
    this.fleet = fleet;
    this.body = body;
    this.minutes = minutes;
  }

  MonthCosts costs() {
    int agents = fleet.get(FleetInput.AGENTS);
    List<CostLine> lines = new ArrayList<>();
    for (CostKind kind : CostKind.values()) {
      lines.add(
          kind.shared()
              ? CostLine.shared(kind, amount(kind))
              : CostLine.own(kind, amount(kind), agents));
    }
    return new MonthCosts(minutes, lines);
  }

  private Amount amount(CostKind kind) {
    return switch (kind) {
      case COMPUTE -> compute();
      case DISK -> disk();
      case STORAGE -> gb(Meter.STORAGE_GB_MONTH, fleet.get(FleetInput.WORKSPACE_MB));
      case EGRESS -> egress();
      case NAT_TRAFFIC -> behindNat() ? sent(Meter.NAT_GB) : Amount.ZERO;
      case PUBLIC_IPV4 ->
          inCloud() && fleet.publicIpv4() ? active(price(Meter.IPV4_HOUR)) : Amount.ZERO;
      case LOG_INGEST -> logged(Meter.LOG_GB);
      // As it is once logs are deleted as fast as they are written.
      case LOG_STORAGE -> logged(Meter.LOG_GB_MONTH).times(fleet.get(FleetInput.LOG_MONTHS));
      case NAT_GATEWAY -> gateways(Meter.NAT_HOUR);
      case NAT_ADDRESS -> gateways(Meter.IPV4_HOUR);
    };
  }

  private Amount compute() {
    return switch (body) {
      case Body.Fargate task ->
          active(price(task.vcpuHour()))
              .times(task.asked().vcpuMillis())
              .over(1000)
              .plus(active(gb(task.gbHour(), task.asked().memoryMb())));
      case Body.Instance(Machine machine) -> machine.compute(minutes);
      case Body.Server(Machine machine) -> machine.compute(minutes);
    };
  }

  private Amount disk() {
    int workspaceMb = fleet.get(FleetInput.WORKSPACE_MB);
    return switch (body) {
      case Body.Fargate _ ->
          active(gb(Meter.FARGATE_DISK_GB_HOUR, Math.max(0, workspaceMb - FARGATE_DISK_MB)));
      case Body.Instance _ ->
          gb(Meter.VOLUME_GB_MONTH, Machine.SYSTEM_DISK_MB + workspaceMb)
              .times(minutes)
              .over(MONTH_MINUTES);
      case Body.Server _ -> Amount.ZERO;
    };
  }

  private Amount egress() {
    return body instanceof Body.Server(Machine machine)
        ? sent(Meter.VPS_EGRESS_GB)
            .less(
                gb(Meter.VPS_EGRESS_GB, machine.transferMb())
                    .times(machine.charged(minutes))
                    .over(machine.charged(MONTH_MINUTES)))
        : sent(Meter.EGRESS_GB);
  }

  private boolean behindNat() {
    return inCloud() && !fleet.publicIpv4() && fleet.get(FleetInput.NAT_GATEWAYS) > 0;
  }

  private boolean inCloud() {
    return !(body instanceof Body.Server);
  }

  private Amount gateways(Meter hour) {
    return inCloud()
        ? price(hour)
            .times(MONTH_MINUTES / MINUTES_PER_HOUR)
            .times(fleet.get(FleetInput.NAT_GATEWAYS))
        : Amount.ZERO;
  }

  private Amount sent(Meter gb) {
    return active(gb(gb, fleet.get(FleetInput.EGRESS_MB_PER_HOUR)));
  }

  private Amount logged(Meter gb) {
    return active(gb(gb, fleet.get(FleetInput.LOG_MB_PER_HOUR)));
  }

  private Amount active(Amount hourly) {
    return hourly.times(minutes).over(MINUTES_PER_HOUR);
  }

  private Amount gb(Meter gb, long mb) {
    return price(gb).times(mb).over(MB_PER_GB);
  }

  private Amount price(Meter meter) {
    return table.price(meter).map(Price::amount).orElse(Amount.ZERO);
  }
}
