package dev.weft.registry.domain.report;

/** What a worker says that it is doing. */
public enum ActivityStatus {
  IDLE,
  EXECUTING,
  FAILED
}
