package dev.weft.artifact.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.BlobCache;
import dev.weft.artifact.app.CountingMeter;
import dev.weft.artifact.app.StoreMeter.Tier;
import dev.weft.artifact.domain.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TieredBlobCacheTest {

  private final Shared shared = new Shared();
  private final CountingMeter meter = new CountingMeter();
  private final TieredBlobCache cache = new TieredBlobCache(10_000, shared, meter);

  /** What the replicas share, in this test's memory. */
  private static final class Shared implements BlobCache {
    private final Map<String, byte[]> kept = new HashMap<>();

    @Override
    public Optional<byte[]> find(String tenant, Digest digest) {
      return Optional.ofNullable(kept.get(tenant + digest));
    }

    @Override
    public void keep(String tenant, Digest digest, byte[] content) {
      kept.put(tenant + digest, content);
    }
  }

  @Test
  void whatIsKeptIsNear() {
    cache.keep("acme", digest(1), content(1));
    shared.kept.clear();

    assertThat(cache.find("acme", digest(1))).contains(content(1));
    assertThat(cache.find("other", digest(1))).isEmpty();
    assertThat(meter.reads).containsOnly(Map.entry(Tier.MEMORY, 1));
  }

  @Test
  void whatAnotherReplicaKeptComesNear() {
    shared.keep("acme", digest(1), content(1));

    assertThat(cache.find("acme", digest(1))).contains(content(1));
    assertThat(cache.find("acme", digest(1))).contains(content(1));
    assertThat(meter.reads).containsOnly(Map.entry(Tier.REDIS, 1), Map.entry(Tier.MEMORY, 1));
  }

  @Test
  void itsMemoryIsBounded() {
    for (int i = 0; i < 100; i++) {
      cache.keep("acme", digest(i), new byte[1_000]);
    }
    shared.kept.clear();
    int near = 0;
    for (int i = 0; i < 100; i++) {
      near += cache.find("acme", digest(i)).isPresent() ? 1 : 0;
    }

    assertThat(near).isBetween(1, 8);
  }

  private static Digest digest(int number) {
    return Digest.ofContent(content(number));
  }

  private static byte[] content(int number) {
    return new byte[] {(byte) number};
  }
}
