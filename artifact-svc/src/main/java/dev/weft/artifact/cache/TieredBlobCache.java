package dev.weft.artifact.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weft.artifact.app.BlobCache;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.domain.Digest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * This process's memory in front of what the replicas share. Contents are never changed by whoever
 * gets them.
 */
@RegisterForReflection(
    // Caffeine picks its classes by the features that are asked for, and loads them by name.
    classNames = {
      "com.github.benmanes.caffeine.cache.PSMW",
      "com.github.benmanes.caffeine.cache.SSMW"
    })
public final class TieredBlobCache implements BlobCache {

  /** What an entry costs besides its content. */
  private static final int OVERHEAD = 200;

  private final Cache<Key, byte[]> memory;
  private final BlobCache shared;
  private final StoreMeter meter;

  /**
   * @param mostBytes in memory
   */
  public TieredBlobCache(long mostBytes, BlobCache shared, StoreMeter meter) {
    this.memory =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes)
            .weigher((Key key, byte[] content) -> content.length + OVERHEAD)
            .executor(Runnable::run)
            .build();
    this.shared = shared;
    this.meter = meter;
  }

  private record Key(String tenant, Digest digest) {}

  @Override
  public Optional<byte[]> find(String tenant, Digest digest) {
    Key key = new Key(tenant, digest);
    byte[] near = memory.getIfPresent(key);
    if (near != null) {
      meter.cache(StoreMeter.Tier.MEMORY);
      return Optional.of(near);
    }
    Optional<byte[]> found = shared.find(tenant, digest);
    found.ifPresent(
        content -> {
          meter.cache(StoreMeter.Tier.REDIS);
          memory.put(key, content);
        });
    return found;
  }

  @Override
  public void keep(String tenant, Digest digest, byte[] content) {
    memory.put(new Key(tenant, digest), content);
    shared.keep(tenant, digest, content);
  }
}
