package dev.weft.artifact.app;

import dev.weft.artifact.app.LeaseAuthority.LeaseKey;
import dev.weft.artifact.app.LeaseAuthority.LeaseRights;
import dev.weft.artifact.domain.ArtifactRules;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out what a caller may do. A held lease is believed in for a moment. */
public final class AccessDesk {

  private static final int MOST_REMEMBERED = 10_000;

  private final LeaseAuthority authority;
  private final Duration memory;
  private final Ticker ticker;
  private final Map<Requester.Worker, Remembered> remembered = new ConcurrentHashMap<>();

  public AccessDesk(LeaseAuthority authority, Duration memory, Ticker ticker) {
    this.authority = authority;
    this.memory = memory;
    this.ticker = ticker;
  }

  private record Remembered(LeaseRights rights, long at) {}

  /**
   * @throws dev.weft.platform.error.MeshException LEASE_NOT_HELD
   */
  public Access open(Requester requester) {
    return switch (requester) {
      case Requester.Gateway gateway -> Access.ofTenant(ArtifactRules.tenant(gateway.tenant()));
      case Requester.Worker worker ->
          Access.ofLease(rights(worker), () -> rights(worker), () -> rightsNow(worker));
    };
  }

  private LeaseRights rights(Requester.Worker worker) {
    long now = ticker.nanos();
    Remembered known = remembered.get(worker);
    if (known != null && now - known.at() <= memory.toNanos()) {
      return known.rights();
    }
    return rightsNow(worker);
  }

  private LeaseRights rightsNow(Requester.Worker worker) {
    long now = ticker.nanos();
    forgetOld(now);
    LeaseKey lease = worker.lease();
    try {
      LeaseRights rights = authority.check(worker.workerId(), lease);
      remembered.put(worker, new Remembered(rights, now));
      return rights;
    } catch (RuntimeException e) {
      remembered.remove(worker);
      throw e;
    }
  }

  private void forgetOld(long now) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.values().removeIf(known -> now - known.at() > memory.toNanos());
    }
  }
}
