package dev.weft.worker.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Knows how long the worker may go on with each attempt without hearing from the placer. A lease
 * counts from the moment when the renewal that named it was <em>sent</em>, on the worker's own
 * monotonic clock, so that the worker stops before the placer may give the task away. Not safe for
 * threads.
 */
public final class LeaseClock {

  /** The worker stops this much before the lease ends: the time that a kill may take. */
  public static final Duration MARGIN = Duration.ofSeconds(1);

  private static final int REMEMBERED_RENEWALS = 64;

  private Duration ttl;
  private long lastNumber;
  private final TreeMap<Long, Renewal> pending = new TreeMap<>();
  private final Map<AttemptKey, Long> heldSince = new HashMap<>();

  private record Renewal(long sentNanos, List<AttemptKey> named) {}

  public LeaseClock(Duration ttl) {
    this.ttl = ttl;
  }

  /** The placer says how long its leases last. */
  public void ttl(Duration value) {
    if (value.compareTo(MARGIN) <= 0) {
      throw new IllegalArgumentException("lease ttl: " + value + " (expected: > " + MARGIN + ")");
    }
    ttl = value;
  }

  /** The lease of an attempt begins. */
  public void granted(AttemptKey key, long sinceNanos) {
    heldSince.put(key, sinceNanos);
  }

  /** A placer goes on with an attempt that was named in a hello sent at that time. */
  public void adopted(AttemptKey key, long sinceNanos) {
    heldSince.computeIfPresent(key, (ignored, since) -> Math.max(since, sinceNanos));
  }

  /** A renewal is being sent that names these attempts; answers its number. */
  public long renewing(Collection<AttemptKey> named, long nowNanos) {
    lastNumber++;
    pending.put(lastNumber, new Renewal(nowNanos, List.copyOf(named)));
    if (pending.size() > REMEMBERED_RENEWALS) {
      pending.pollFirstEntry();
    }
    return lastNumber;
  }

  /** The placer has this renewal, and so all that were sent before it. */
  public void acknowledged(long number) {
    Renewal renewal = pending.get(number);
    if (renewal == null) {
      return;
    }
    for (AttemptKey key : renewal.named()) {
      heldSince.computeIfPresent(key, (ignored, since) -> Math.max(since, renewal.sentNanos()));
    }
    pending.headMap(number, true).clear();
  }

  /** A stream has ended: what was sent on it will not be acknowledged. */
  public void disconnected() {
    pending.clear();
  }

  /** The attempt is over. */
  public void released(AttemptKey key) {
    heldSince.remove(key);
  }

  /** The attempts that the worker may not go on with. */
  public List<AttemptKey> lost(long nowNanos) {
    long bound = ttl.minus(MARGIN).toNanos();
    List<AttemptKey> lost = new ArrayList<>();
    heldSince.forEach(
        (key, since) -> {
          if (nowNanos - since >= bound) {
            lost.add(key);
          }
        });
    return lost;
  }
}
