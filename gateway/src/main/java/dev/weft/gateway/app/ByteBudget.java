package dev.weft.gateway.app;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the bytes of requests that are read and served at once, so that however many callers there
 * are, the process keeps room to answer them. Who finds it full is refused; so is a tenant that has
 * half of it while others have or want some.
 *
 * <p>A request that has been coming for too long makes room as soon as somebody is refused, since
 * otherwise few callers who never finish their requests would keep all others out.
 */
public final class ByteBudget {

  public static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration WHEN_FULL = Duration.ofSeconds(1);

  private final Ticker ticker;
  private final TenantShares tenants;

  /** Those whose request is still coming, the oldest first. */
  private final Set<Share> coming = new LinkedHashSet<>();

  public ByteBudget(long most, Ticker ticker) {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
    }
    this.ticker = ticker;
    this.tenants = new TenantShares(most, ticker);
  }

  /**
   * A request's share, without bytes at first.
   *
   * @param tooSlow ends the request, if it has to make room; its share is closed by then or soon
   */
  public Share open(Runnable tooSlow) {
    return new Share(tooSlow);
  }

  public synchronized long held() {
    return tenants.held();
  }

  /** What one request has. Closing it again changes nothing. */
  public final class Share {

    private final Runnable tooSlow;
    private String tenant = "";
    private long since;
    private long bytes;
    private boolean closed;

    private Share(Runnable tooSlow) {
      this.tooSlow = tooSlow;
    }

    /** Counts it as the tenant's. Until then it is of those whom nobody knows. */
    public void of(String known) {
      synchronized (ByteBudget.this) {
        if (bytes > 0) {
          tenants.give(tenant, bytes);
          tenants.take(known, bytes);
        }
        tenant = known;
      }
    }

    /**
     * Takes bytes, before or as they come.
     *
     * @throws MeshException QUEUE_FULL if there are not so many
     */
    public void grow(long more) {
      List<Share> late;
      synchronized (ByteBudget.this) {
        if (closed) {
          return;
        }
        if (tenants.fits(tenant, more, bytes)) {
          tenants.take(tenant, more);
          bytes += more;
          if (coming.add(this)) {
            since = ticker.nanos();
          }
          return;
        }
        late = late();
      }
      late.forEach(share -> share.tooSlow.run());
      throw full();
    }

    /** The request is here as a whole; its bytes are still held. */
    public void complete() {
      synchronized (ByteBudget.this) {
        coming.remove(this);
      }
    }

    /** Gives the bytes back; more may come. */
    public void release() {
      synchronized (ByteBudget.this) {
        coming.remove(this);
        if (bytes > 0) {
          tenants.give(tenant, bytes);
        }
        bytes = 0;
      }
    }

    public void close() {
      synchronized (ByteBudget.this) {
        release();
        closed = true;
      }
    }
  }

  private List<Share> late() {
    long now = ticker.nanos();
    List<Share> late = new ArrayList<>();
    for (Iterator<Share> all = coming.iterator(); all.hasNext(); ) {
      Share share = all.next();
      if (now - share.since < PATIENCE.toNanos()) {
        return late;
      }
      late.add(share);
      all.remove();
    }
    return late;
  }

  private static MeshException full() {
    return new MeshException(
            GatewayReason.QUEUE_FULL,
            "bytes of requests in this gateway: too many at once (expected: fewer)")
        .retryAfter(WHEN_FULL);
  }
}
