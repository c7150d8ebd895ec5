package dev.weft.gateway.domain.estimate;

/** What a table has one price for; machines have their own. */
public enum Meter {
  FARGATE_VCPU_HOUR,
  FARGATE_GB_HOUR,
  FARGATE_SPOT_VCPU_HOUR,
  FARGATE_SPOT_GB_HOUR,
  FARGATE_DISK_GB_HOUR,
  VOLUME_GB_MONTH,
  STORAGE_GB_MONTH,
  EGRESS_GB,
  VPS_EGRESS_GB,
  NAT_HOUR,
  NAT_GB,
  IPV4_HOUR,
  LOG_GB,
  LOG_GB_MONTH
}
