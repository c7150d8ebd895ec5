package dev.weft.artifact;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.app.Transfers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the store shows of itself. The only label is the cache's tier, of which there are three. */
final class ArtifactMetrics implements StoreMeter {

  private final Counter received;
  private final Counter sent;
  private final Counter damaged;
  private final Counter expired;
  private final Counter swept;
  private final Map<Tier, Counter> found = new EnumMap<>(Tier.class);

  ArtifactMetrics(MeterRegistry meters) {
    received = bytes("weft.artifact.received", meters);
    sent = bytes("weft.artifact.sent", meters);
    damaged = Counter.builder("weft.artifact.blobs.damaged").register(meters);
    expired = Counter.builder("weft.artifact.expired").register(meters);
    swept = Counter.builder("weft.artifact.blobs.swept").register(meters);
    for (Tier tier : Tier.values()) {
      found.put(
          tier,
          Counter.builder("weft.artifact.small.reads")
              .description("reads of small blobs by where they were found")
              .tag("tier", tier.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /** Shows what the others know themselves. */
  static void show(MeterRegistry meters, Transfers transfers, BlobStore store) {
    Gauge.builder("weft.artifact.transfers", transfers, Transfers::count).register(meters);
    Gauge.builder("weft.artifact.store.free", store, ArtifactMetrics::free)
        .baseUnit("bytes")
        .register(meters);
  }

  private static double free(BlobStore store) {
    try {
      long free = store.freeBytes();
      return free == BlobStore.ENDLESS ? Double.POSITIVE_INFINITY : free;
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static Counter bytes(String name, MeterRegistry meters) {
    return Counter.builder(name).baseUnit("bytes").register(meters);
  }

  @Override
  public void received(long bytes) {
    received.increment((double) bytes);
  }

  @Override
  public void sent(long bytes) {
    sent.increment((double) bytes);
  }

  @Override
  public void damaged() {
    damaged.increment();
  }

  @Override
  public void expired(int artifacts) {
    expired.increment(artifacts);
  }

  @Override
  public void swept(int blobs) {
    swept.increment(blobs);
  }

  @Override
  public void cache(Tier tier) {
    Counter counter = found.get(tier);
    if (counter != null) {
      counter.increment();
    }
  }
}
