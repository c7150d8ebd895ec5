package dev.weft.router.domain.effort;

/**
 * Where work should rather run. It prefers and never waits: who has no room at the place that comes
 * first goes to the next. The codes are stored: only append.
 */
public enum PlaceOrder {
  /** No place is better than another. */
  ANYWHERE(0),
  /** Local workers, then the cloud's. */
  LOCAL_FIRST(1),
  /** The cloud's workers, of those the cheaper, then local ones. */
  CLOUD_FIRST(2);

  private static final PlaceOrder[] ALL = values();

  private final int code;

  PlaceOrder(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static PlaceOrder of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException(
          "place order: " + code + " (expected: 0.." + (ALL.length - 1) + ")");
    }
    return ALL[code];
  }

  public boolean prefers() {
    return this != ANYWHERE;
  }

  /**
   * How well a worker's place suits.
   *
   * @param cloud where it stands
   * @param cost the worker's cost as a term, 1 is free
   * @return 0..1
   */
  public double term(boolean cloud, double cost) {
    return switch (this) {
      case ANYWHERE -> 0;
      case LOCAL_FIRST -> cloud ? 0 : 1;
      case CLOUD_FIRST -> cloud ? (1 + Math.clamp(cost, 0, 1)) / 2 : 0;
    };
  }
}
