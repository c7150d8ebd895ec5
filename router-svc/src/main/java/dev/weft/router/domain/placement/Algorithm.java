package dev.weft.router.domain.placement;

/** By what a choice was made. The codes are stored, in four bits: only append. */
public enum Algorithm {
  /** The weighted sum of fit, load, latency and cost. */
  COMPOSITE(0),
  /** The task's affinity key, by rendezvous hashing. */
  AFFINITY(1);

  private static final Algorithm[] ALL = values();

  private final int code;

  Algorithm(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Algorithm of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException(
          "algorithm: " + code + " (expected: 0.." + (ALL.length - 1) + ")");
    }
    return ALL[code];
  }
}
