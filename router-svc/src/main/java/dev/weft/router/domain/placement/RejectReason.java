package dev.weft.router.domain.placement;

/** Why a worker can't take a task. The codes are stored: only append. */
public enum RejectReason {
  NOT_CONNECTED(0),
  PROFILE_UNKNOWN(1),
  NOT_READY(2),
  DRAINING(3),
  EXECUTOR_MISSING(4),
  CAPABILITY_MISSING(5),
  PROFICIENCY_TOO_LOW(6),
  GPU_MISSING(7),
  LLM_MISSING(8),
  REGION(9),
  SANDBOX_TOO_WEAK(10),
  NETWORK_CLOSED(11),
  TOO_SMALL(12),
  SATURATED(13),
  QUEUE(14),
  EJECTED(15),
  /** It has no price in the currency of the task's budget, or the budget would not last there. */
  PRICE(16);

  private static final RejectReason[] ALL = values();

  private final int code;

  RejectReason(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static RejectReason of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException(
          "reject reason: " + code + " (expected: 0.." + (ALL.length - 1) + ")");
    }
    return ALL[code];
  }

  /** Whether time alone may lift it, without another worker. */
  public boolean passing() {
    return switch (this) {
      case NOT_CONNECTED, PROFILE_UNKNOWN, NOT_READY, SATURATED, EJECTED -> true;
      case DRAINING,
          EXECUTOR_MISSING,
          CAPABILITY_MISSING,
          PROFICIENCY_TOO_LOW,
          GPU_MISSING,
          LLM_MISSING,
          REGION,
          SANDBOX_TOO_WEAK,
          NETWORK_CLOSED,
          TOO_SMALL,
          QUEUE,
          PRICE ->
          false;
    };
  }
}
