package dev.weft.router.domain.cost;

/** How attempts are grouped. */
public enum CostGroup {
  TASK,
  TENANT,
  WORKER,
  /** Of UTC: an attempt that runs over midnight has a part on either side. */
  DAY,
  CLASS
}
