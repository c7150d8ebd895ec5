package dev.weft.artifact.s3;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many uploads may have a large buffer at once. A tenant has half of them at most, so that one
 * whose senders are slow does not keep the others from storing anything.
 */
final class PartBuffers {

  private static final int SHARES = 2;

  private final Semaphore all;
  private final int share;
  private final Map<String, Semaphore> byTenant = new ConcurrentHashMap<>();

  PartBuffers(int most) {
    this.all = new Semaphore(most);
    this.share = Math.max(1, most / SHARES);
  }

  /**
   * Takes one, waiting if none is free.
   *
   * @param patience for one of the tenant's, and as long again for one of all
   * @return false if none came free in time
   */
  boolean take(String tenant, Duration patience) throws InterruptedException {
    Semaphore own = own(tenant);
    if (!own.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    boolean taken = false;
    try {
      taken = all.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!taken) {
        own.release();
      }
    }
    return taken;
  }

  void giveBack(String tenant) {
    all.release();
    own(tenant).release();
  }

  private Semaphore own(String tenant) {
    return byTenant.computeIfAbsent(tenant, _ -> new Semaphore(share));
  }
}
