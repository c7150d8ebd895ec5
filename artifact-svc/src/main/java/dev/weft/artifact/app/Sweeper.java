package dev.weft.artifact.app;

import dev.weft.artifact.app.Garbage.Location;
import dev.weft.platform.telemetry.LogKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** Frees what nobody needs any more: expired artifacts, blobs that nothing holds, lost bytes. */
public final class Sweeper {

  private static final Logger LOG = Logger.getLogger(Sweeper.class);
  private static final int ARTIFACTS = 10;
  private static final int BLOBS = 500;
  private static final Duration ABANDONED = Duration.ofHours(6);

  private final Garbage garbage;
  private final BlobStore store;
  private final Duration grace;
  private final StoreMeter meter;

  public Sweeper(Garbage garbage, BlobStore store, Duration grace, StoreMeter meter) {
    this.garbage = garbage;
    this.store = store;
    this.grace = grace;
    this.meter = meter;
  }

  /** Expired artifacts and the blobs whose time is over. */
  public void sweep() throws IOException {
    int expired;
    do {
      expired = garbage.expire(ARTIFACTS);
      meter.expired(expired);
    } while (expired == ARTIFACTS);
    List<Location> freed = garbage.sweep(BLOBS);
    while (!freed.isEmpty()) {
      delete(freed);
      freed = garbage.sweep(BLOBS);
    }
  }

  /** Bytes that no row knows: left by a process that ended between one and the other. */
  public void scan() throws IOException {
    store.dropUnfinished(ABANDONED);
    store.scan(grace, this::dropUnknown);
  }

  /**
   * Removes all of a tenant, for ever. Whoever calls it has taken the tenant's tokens away; it can
   * be repeated.
   *
   * @return how many blobs there were
   */
  public int erase(String tenant) throws IOException {
    int blobs = 0;
    List<Location> freed = garbage.erase(tenant, BLOBS);
    while (!freed.isEmpty()) {
      delete(freed);
      blobs += freed.size();
      freed = garbage.erase(tenant, BLOBS);
    }
    store.scan(
        Duration.ZERO,
        (owner, locations) -> {
          if (owner.equals(tenant)) {
            dropUnknown(owner, locations);
          }
        });
    LOG.infof("tenant erased: %s=%s %s=%d", LogKeys.TENANT, tenant, LogKeys.COUNT, blobs);
    return blobs;
  }

  private void dropUnknown(String tenant, List<String> locations) throws IOException {
    List<String> unknown = garbage.unknown(tenant, locations);
    if (!unknown.isEmpty()) {
      LOG.infof("bytes that no row knows are deleted: %s=%d", LogKeys.COUNT, unknown.size());
      store.delete(tenant, unknown);
      meter.swept(unknown.size());
    }
  }

  private void delete(List<Location> freed) throws IOException {
    Map<String, List<String>> byTenant = new HashMap<>();
    freed.forEach(
        one -> byTenant.computeIfAbsent(one.tenant(), _ -> new ArrayList<>()).add(one.location()));
    for (var entry : byTenant.entrySet()) {
      store.delete(entry.getKey(), entry.getValue());
    }
    meter.swept(freed.size());
  }
}
