package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The buckets in memory, by a clock of their own, which can be lost as those in Redis can. */
public final class FakeSharedBuckets implements SharedBuckets {

  private static final double MILLION = 1e6;

  private final Ticker ticker;
  private final Map<String, Bucket> buckets = new HashMap<>();
  private int run;
  int asked;

  private record Bucket(double level, double at, double opened, int run) {}

  public FakeSharedBuckets(Ticker ticker) {
    this.ticker = ticker;
  }

  /** All is forgotten. */
  public void flush() {
    buckets.clear();
  }

  /** Another run of the server, with what it had kept. */
  public void restart(Map<?, ?> kept) {
    run++;
    buckets.clear();
    kept.forEach((tenant, bucket) -> buckets.put((String) tenant, (Bucket) bucket));
  }

  /** What is on its disk. */
  public Map<?, ?> kept() {
    return Map.copyOf(buckets);
  }

  @Override
  public CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, OwnPart own) {
    return CompletableFuture.completedFuture(answer(tenant, rate, wanted, own));
  }

  Grant answer(String tenant, SubmitRate rate, long wanted, OwnPart own) {
    asked++;
    double now = ticker.nanos() / MILLION;
    double pause = Grant.CLOSED.toMillis();
    double perMilli = rate.perSecond() / 1000.0;
    double counted = own.counted().toNanos() / MILLION;
    double ended = own.ended().toNanos() / MILLION;
    Bucket kept = buckets.get(tenant);
    double level;
    double at;
    double opened;
    if (kept == null || kept.run() != run) {
      level = 0;
      opened = now + pause;
      at = opened;
    } else if (counted > 0 && kept.opened() < now - ended - counted) {
      boolean over = ended >= pause;
      double fresh = over ? Math.max(0, Math.min(ended, now - kept.at())) * perMilli : 0;
      double owed = counted * perMilli / rate.gateways();
      level = Math.max(0, Math.min(kept.level() + fresh, rate.shared()) - owed);
      opened = over ? kept.opened() : now + pause;
      at = over ? now : opened;
    } else {
      opened = kept.opened();
      at = Math.min(kept.at(), now + pause);
      level = Math.min(rate.shared(), kept.level() + Math.max(0, now - at) * perMilli);
      at = Math.max(at, now);
    }
    long granted = at <= now ? Math.min(wanted, (long) Math.floor(level)) : 0;
    buckets.put(tenant, new Bucket(level - granted, at, opened, run));
    return new Grant(
        granted,
        (long) Math.floor(level - granted),
        Duration.ofNanos((long) Math.ceil((at - now) * MILLION)));
  }
}
