package dev.weft.router.domain.placement;

/** Why a worker can't take a task. The codes are stored: only append. */
public enum RejectReason {
  NOT_CONNECTED,
  PROFILE_UNKNOWN,
  NOT_READY,
  DRAINING,
  EXECUTOR_MISSING,
  CAPABILITY_MISSING,
  PROFICIENCY_TOO_LOW,
  GPU_MISSING,
  LLM_MISSING,
  REGION,
  SANDBOX_TOO_WEAK,
  NETWORK_CLOSED,
  TOO_SMALL,
  SATURATED;

  private static final RejectReason[] ALL = values();

  public static RejectReason of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException("reject reason: " + code + " (expected: 0..13)");
    }
    return ALL[code];
  }

  /** Whether time alone may lift it, without another worker. */
  public boolean passing() {
    return switch (this) {
      case NOT_CONNECTED, PROFILE_UNKNOWN, NOT_READY, SATURATED -> true;
      case DRAINING,
          EXECUTOR_MISSING,
          CAPABILITY_MISSING,
          PROFICIENCY_TOO_LOW,
          GPU_MISSING,
          LLM_MISSING,
          REGION,
          SANDBOX_TOO_WEAK,
          NETWORK_CLOSED,
          TOO_SMALL ->
          false;
    };
  }
}
