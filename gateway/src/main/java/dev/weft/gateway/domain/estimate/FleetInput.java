package dev.weft.gateway.domain.estimate;

/** A number that an estimate is asked with, what is assumed without it, and its bounds. */
public enum FleetInput {
  VCPU_MILLIS("vcpu_millis", 500, 1, 16_000),
  MEMORY_MB("memory_mb", 1024, 1, 122_880),
  AGENTS("agents", 100, 1, 1_000_000),
  ACTIVE_HOURS_PER_MONTH("active_hours_per_month", 730, 0, 730),
  /** In place of the hours per month; nothing is assumed for it. */
  ACTIVE_HOURS_PER_DAY("active_hours_per_day", 24, 0, 24),
  WORKSPACE_MB("workspace_mb", 1024, 0, 204_800),
  EGRESS_MB_PER_HOUR("egress_mb_per_hour", 5, 0, 102_400),
  LOG_MB_PER_HOUR("log_mb_per_hour", 1, 0, 102_400),
  LOG_MONTHS("log_months", 1, 0, 120),
  NAT_GATEWAYS("nat_gateways", 1, 0, 100);

  private final String field;
  private final int assumed;
  private final int least;
  private final int most;

  FleetInput(String field, int assumed, int least, int most) {
    this.field = field;
    this.assumed = assumed;
    this.least = least;
    this.most = most;
  }

  /** Its name in the contract. */
  public String field() {
    return field;
  }

  /** Its path in the request. */
  String path() {
    return "fleet." + field;
  }

  int assumed() {
    return assumed;
  }

  boolean allows(int value) {
    return value >= least && value <= most;
  }

  String bounds() {
    return least + ".." + most;
  }
}
