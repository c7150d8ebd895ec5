package dev.weft.artifact.app;

import java.util.EnumMap;
import java.util.Map;

/** Remembers what it was told. */
public final class CountingMeter implements StoreMeter {

  public long received;
  public long sent;
  public int damaged;
  public int expired;
  public int swept;
  public final Map<Tier, Integer> reads = new EnumMap<>(Tier.class);

  @Override
  public synchronized void received(long bytes) {
    received += bytes;
  }

  @Override
  public synchronized void sent(long bytes) {
    sent += bytes;
  }

  @Override
  public synchronized void damaged() {
    damaged++;
  }

  @Override
  public synchronized void expired(int artifacts) {
    expired += artifacts;
  }

  @Override
  public synchronized void swept(int blobs) {
    swept += blobs;
  }

  @Override
  public synchronized void cache(Tier tier) {
    reads.merge(tier, 1, Integer::sum);
  }
}
