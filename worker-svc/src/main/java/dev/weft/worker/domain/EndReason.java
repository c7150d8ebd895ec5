package dev.weft.worker.domain;

/** Why somebody other than the command itself ends an attempt. */
public enum EndReason {
  /** The placer says so: the user cancelled it, or the attempt is not valid any more. */
  CANCELLED(FailureReason.CANCELLED_BY_USER, "ended because the placer said so"),
  /** The worker's drain deadline has passed. */
  DRAINED(FailureReason.PREEMPTED, "ended because the worker stops"),
  /** No renewal was acknowledged in time, so another worker may run it soon. */
  LEASE_LOST(FailureReason.PREEMPTED, "ended because its lease could not be renewed");

  private final FailureReason reason;
  private final String message;

  EndReason(FailureReason reason, String message) {
    this.reason = reason;
    this.message = message;
  }

  public Failure failure() {
    return new Failure(reason, message);
  }
}
