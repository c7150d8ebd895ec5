package dev.weft.gateway.domain.estimate;

/** What is charged. */
public enum CostKind {
  COMPUTE,
  DISK,
  STORAGE,
  EGRESS,
  NAT_TRAFFIC,
  PUBLIC_IPV4,
  LOG_INGEST,
  LOG_STORAGE,
  NAT_GATEWAY,
  NAT_ADDRESS;

  /** Whether it is charged once for all agents, whether they are active or not. */
  public boolean shared() {
    return this == NAT_GATEWAY || this == NAT_ADDRESS;
  }
}
