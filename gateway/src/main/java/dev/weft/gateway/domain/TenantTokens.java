package dev.weft.gateway.domain;

import java.time.Duration;

/**
 * What one gateway may still accept of one tenant: tokens taken in advance from the shared bucket,
 * or, while that can't be asked, its own part of the rate. Knows when to ask for more and for how
 * many. Times are of one monotonic clock; for one thread at a time.
 */
public final class TenantTokens {

  /** An empty bucket is not asked more often. */
  private static final long DRY_NANOS = Duration.ofMillis(5).toNanos();

  /** Fewer than so many a lease are not worth being taken before they are needed. */
  private static final long WORTH = 8;

  private final SubmitRate rate;
  private final LocalTokens local;

  /** The lease that ends first, and the one that was taken while it lasted. */
  private final Lease first = new Lease();

  private final Lease second = new Lease();
  private long ahead = 1;
  private long notBefore;
  private boolean paused;
  private boolean dry;
  private boolean lost;
  private boolean reopens;
  private long reopensAt;
  private long left;
  private long debtNanos;

  public TenantTokens(SubmitRate rate) {
    this.rate = rate;
    this.local = new LocalTokens(rate.bucket().localPerNano(), rate.localBurst());
    this.left = rate.burst();
  }

  private static final class Lease {
    private long granted;
    private long tokens;
    private long until;

    void set(long granted, long until) {
      this.granted = granted;
      this.tokens = granted;
      this.until = until;
    }

    long left(long now) {
      return until - now > 0 ? tokens : 0;
    }

    long take(long now, long wanted) {
      long taken = Math.min(wanted, left(now));
      tokens -= taken;
      return taken;
    }
  }

  /**
   * Takes as many of the wanted tokens as there are; those of its own part are to be waited for, if
   * {@link #debtNanos} says so.
   */
  public long take(long now, long wanted) {
    roll(now);
    long taken = first.take(now, wanted);
    taken += second.take(now, wanted - taken);
    debtNanos = 0;
    if (taken < wanted) {
      long own = local.take(now, wanted - taken);
      debtNanos = own > 0 ? local.debtNanos() : 0;
      taken += own;
    }
    return taken;
  }

  /** Of the last take. */
  public long debtNanos() {
    return debtNanos;
  }

  /** Forgets leases that are over, and learns from them how many are worth taking. */
  private void roll(long now) {
    while (first.granted > 0 && (first.tokens == 0 || first.until - now <= 0)) {
      if (first.tokens == 0) {
        ahead = Math.min(rate.mostAhead(), ahead * 2);
      } else if (first.tokens * 2 > first.granted) {
        ahead = Math.max(1, ahead / 2);
      }
      first.granted = second.granted;
      first.tokens = second.tokens;
      first.until = second.until;
      second.set(0, now);
    }
  }

  /** The shared bucket could not be asked since then: its own part counts until its time is up. */
  public void alone(long now, long since, long until) {
    local.allow(now, since, until);
    if (!lost) {
      lost = true;
      // What it refills until the bucket opens is the bucket's own pause.
      local.countFrom(reopens && reopensAt - now > 0 ? reopensAt : now);
    }
  }

  /** Takes in the bucket's answer to what was asked for at that time. */
  public void granted(long now, long asked, long wanted, Grant grant) {
    left = grant.left();
    dry = false;
    if (!grant.open()) {
      close(now, asked, grant.opensIn().toNanos());
      return;
    }
    local.end();
    lost = false;
    reopens = false;
    roll(now);
    Lease free = first.granted == 0 ? first : second;
    free.set(grant.granted(), asked + rate.leaseNanos());
    if (grant.granted() < wanted) {
      dry = true;
      pause(now + Math.max(DRY_NANOS, rate.bucket().refill(1).toNanos()));
    }
  }

  /** Ends its own part before the bucket opens, and counts what it lets through after that. */
  private void close(long now, long asked, long opensIn) {
    local.allow(now, now, asked + opensIn);
    lost = false;
    reopens = true;
    reopensAt = now + opensIn;
    pause(asked + opensIn);
  }

  private void pause(long until) {
    paused = true;
    notBefore = until;
  }

  /** Whether there are so many tokens, or none to be had by waiting for an answer. */
  public boolean canSay(long now, long wanted) {
    return leased(now) >= wanted || local.allowed(now) || isPaused(now);
  }

  private long leased(long now) {
    roll(now);
    return first.left(now) + second.left(now);
  }

  private boolean isPaused(long now) {
    paused = paused && notBefore - now > 0;
    return paused;
  }

  /**
   * For how many tokens to ask now; zero for not to ask.
   *
   * @param missing how many are waited for
   */
  public long worthAsking(long now, long missing) {
    if (isPaused(now)) {
      return 0;
    }
    if (missing > 0 || local.allowed(now)) {
      return Math.max(missing, ahead);
    }
    boolean low = second.granted == 0 && first.tokens * 2 <= first.granted;
    return low && ahead >= WORTH ? ahead : 0;
  }

  /** What its own part has counted since the bucket last gave some. */
  public OwnPart ownPart(long now) {
    return lost ? local.ownPart(now) : OwnPart.NONE;
  }

  /** Whether it has nothing that a new one would not have. */
  public boolean idle(long now) {
    roll(now);
    return !lost && first.granted == 0 && second.granted == 0 && !isPaused(now);
  }

  /** Why not one more can be taken now. */
  public Shortage shortage(long now) {
    boolean own = local.allowed(now);
    long pause = isPaused(now) ? notBefore - now : 0;
    long wait = own ? local.waitNanos(1) : Math.max(rate.bucket().refill(1).toNanos(), pause);
    long known = dry || own ? 0 : left;
    return new Shortage(rate, Math.max(0, rate.burst() - known), own, Duration.ofNanos(wait));
  }
}
