package dev.weft.gateway.forward;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.Later;
import dev.weft.gateway.domain.Scope;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches over open streams: their number, of which one tenant has a share at most, their callers'
 * right to them, and their silence. A stream whose token is revoked or expires is closed; when the
 * token store can't be asked, the last answer counts for 45 s.
 */
public final class WatchGuard {

  private static final Duration TICK = Duration.ofSeconds(5);
  private static final long SILENCE_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long TRUST_NANOS = Duration.ofSeconds(45).toNanos();
  private static final Duration WHEN_FULL = Duration.ofSeconds(5);

  private final Authenticator authenticator;
  private final Later later;
  private final Ticker ticker;
  private final long recheckNanos;
  private final int most;
  private final int share;
  private final GatewayReason full;
  private final Map<String, Integer> openByTenant = new HashMap<>();
  private int open;

  /**
   * @param recheck how often a caller's right is looked at again
   * @param most streams at once
   * @param full what one more is told
   */
  public WatchGuard(
      Authenticator authenticator,
      Later later,
      Ticker ticker,
      Duration recheck,
      int most,
      GatewayReason full) {
    this(authenticator, later, ticker, recheck, new Bounds(most, Math.max(1, most / 2)), full);
  }

  /**
   * Streams at once.
   *
   * @param most in all
   * @param share of one tenant
   */
  public record Bounds(int most, int share) {}

  /** As the other, with a tenant's share of its own. */
  public WatchGuard(
      Authenticator authenticator,
      Later later,
      Ticker ticker,
      Duration recheck,
      Bounds bounds,
      GatewayReason full) {
    this.authenticator = authenticator;
    this.later = later;
    this.ticker = ticker;
    this.recheckNanos = recheck.toNanos();
    this.most = bounds.most();
    this.share = bounds.share();
    this.full = full;
  }

  /** The reader's side of a stream. */
  public interface Reader {

    /** Nothing was said for 15 s. */
    void silent();

    /** The caller may read no longer. */
    void dismissed(MeshException why);
  }

  /** Streams that are open now. */
  public synchronized int open() {
    return open;
  }

  /**
   * Starts to watch over a stream.
   *
   * @throws MeshException if there are too many, in all or of the tenant
   */
  public Watch admit(Call call, Scope scope, Reader reader) {
    enter(call.tenant());
    Watch watch = new Watch(call, scope, reader);
    later.run(TICK, watch::tick);
    return watch;
  }

  private synchronized void enter(String tenant) {
    if (open >= most) {
      throw refusal("under way: ", most);
    }
    if (openByTenant.getOrDefault(tenant, 0) >= share) {
      throw refusal("under way of the tenant: ", share);
    }
    open++;
    openByTenant.merge(tenant, 1, Integer::sum);
  }

  private synchronized void leave(String tenant) {
    open--;
    openByTenant.computeIfPresent(tenant, (_, count) -> count == 1 ? null : count - 1);
  }

  private MeshException refusal(String what, int bound) {
    return new MeshException(full, what + bound + " (expected: fewer)")
        .with("most", bound)
        .retryAfter(WHEN_FULL);
  }

  /** One stream under watch. */
  public final class Watch {

    private final Call call;
    private final Scope scope;
    private final Reader reader;
    private boolean closed;
    private long spokeAt = ticker.nanos();
    private long trustedAt = spokeAt;

    private Watch(Call call, Scope scope, Reader reader) {
      this.call = call;
      this.scope = scope;
      this.reader = reader;
    }

    /** Something was said. */
    public synchronized void spoke() {
      spokeAt = ticker.nanos();
    }

    /** The stream has ended. */
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      leave(call.tenant());
    }

    private void tick() {
      boolean silent;
      boolean recheck;
      synchronized (this) {
        if (closed) {
          return;
        }
        long now = ticker.nanos();
        silent = now - spokeAt >= SILENCE_NANOS;
        recheck = now - trustedAt >= recheckNanos;
        if (silent) {
          spokeAt = now;
        }
      }
      if (silent) {
        reader.silent();
      }
      if (recheck) {
        recheck();
      } else {
        later.run(TICK, this::tick);
      }
    }

    private void recheck() {
      authenticator
          .again(call.credential())
          .thenAccept(caller -> Authenticator.require(caller, scope))
          .whenComplete(
              (_, failure) -> {
                if (failure == null) {
                  trusted();
                } else {
                  doubted(failure);
                }
              });
    }

    private void trusted() {
      synchronized (this) {
        trustedAt = ticker.nanos();
      }
      later.run(TICK, this::tick);
    }

    private void doubted(Throwable failure) {
      MeshException why =
          Failures.unwrap(failure) instanceof MeshException mesh
              ? mesh
              : new MeshException(CommonReason.INTERNAL, "token: not checked", failure);
      boolean away = why.reason() == GatewayReason.STORE_UNAVAILABLE;
      boolean patient;
      synchronized (this) {
        if (closed) {
          return;
        }
        patient = away && ticker.nanos() - trustedAt < TRUST_NANOS;
      }
      if (patient) {
        later.run(TICK, this::tick);
      } else {
        reader.dismissed(why);
      }
    }
  }
}
