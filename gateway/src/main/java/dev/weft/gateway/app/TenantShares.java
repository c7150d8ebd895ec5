package dev.weft.gateway.app;

import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Divides a bounded amount among tenants. One alone may have all of it; as long as others have some
 * of it, or were refused lately, none may have more than half. For one thread at a time.
 */
final class TenantShares {

  /** Longer than whoever is refused is told to wait. */
  private static final long WANTED_NANOS = Duration.ofSeconds(3).toNanos();

  private static final int MANY = 1_000;

  private final long most;
  private final Ticker ticker;
  private final Map<String, Part> parts = new HashMap<>();
  private final Map<String, Long> refusedAt = new HashMap<>();
  private long held;

  private static final class Part {
    private long held;
  }

  TenantShares(long most, Ticker ticker) {
    this.most = most;
    this.ticker = ticker;
  }

  long held() {
    return held;
  }

  /**
   * Whether so much more is there for the tenant; it is remembered that it wanted it. What is whole
   * may have more than half, if the tenant has nothing else.
   *
   * @param mine what of its own is part of the same whole
   */
  boolean fits(String tenant, long more, long mine) {
    Part part = parts.get(tenant);
    long own = part == null ? 0 : part.held;
    boolean fits =
        held + more <= most && (own + more <= most / 2 || own == mine || isAlone(tenant, own));
    if (!fits) {
      refused(tenant);
    }
    return fits;
  }

  void take(String tenant, long more) {
    held += more;
    parts.computeIfAbsent(tenant, _ -> new Part()).held += more;
    if (!refusedAt.isEmpty()) {
      refusedAt.remove(tenant);
    }
  }

  void give(String tenant, long less) {
    held -= less;
    Part part = parts.get(tenant);
    if (part != null) {
      part.held -= less;
      if (part.held == 0 && parts.size() > MANY) {
        parts.remove(tenant);
      }
    }
  }

  private boolean isAlone(String tenant, long own) {
    if (held > own) {
      return false;
    }
    forget();
    return refusedAt.isEmpty() || (refusedAt.size() == 1 && refusedAt.containsKey(tenant));
  }

  private void refused(String tenant) {
    if (refusedAt.size() >= MANY) {
      forget();
    }
    if (refusedAt.size() < MANY) {
      refusedAt.put(tenant, ticker.nanos());
    }
  }

  private void forget() {
    if (!refusedAt.isEmpty()) {
      long now = ticker.nanos();
      refusedAt.values().removeIf(at -> now - at > WANTED_NANOS);
    }
  }
}
