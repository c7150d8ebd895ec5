package dev.weft.gateway.app;

import dev.weft.gateway.domain.BucketRate;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The buckets in memory, by a clock of their own, which can be lost as those in Redis can. */
public final class FakeSharedBuckets implements SharedBuckets, RateBuckets {

  private static final double MILLION = 1e6;
  private static final double DAY = 86_400_000;

  private final Ticker ticker;
  private final Map<String, Bucket> buckets = new HashMap<>();
  private int run;

  /** Since when nothing has been forgotten, once it was asked. */
  private @Nullable Double known;

  int asked;

  private record Bucket(double level, double at, double opened, int run) {}

  public FakeSharedBuckets(Ticker ticker) {
    this.ticker = ticker;
  }

  /** All is forgotten. */
  public void flush() {
    buckets.clear();
    known = null;
  }

  /** Another run of the server, with what it had kept. */
  public void restart(Map<?, ?> kept) {
    run++;
    known = null;
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

  @Override
  public CompletionStage<List<Grant>> takeAll(List<Draw> draws, long amount) {
    return CompletableFuture.completedFuture(answer(draws, amount));
  }

  Grant answer(String tenant, SubmitRate rate, long wanted, OwnPart own) {
    List<Draw> draws = List.of(new Draw(tenant, rate.bucket(), own));
    return answer(Grant.CLOSED, draws, wanted, 0).getFirst();
  }

  List<Grant> answer(List<Draw> draws, long amount) {
    return answer(CLOSED, draws, amount, amount);
  }

  private List<Grant> answer(Duration pause, List<Draw> draws, long wanted, long least) {
    asked++;
    double now = ticker.nanos() / MILLION;
    List<Bucket> found = new ArrayList<>();
    long granted = wanted;
    for (Draw draw : draws) {
      Bucket bucket = now(draw, now, (double) pause.toMillis());
      granted = Math.min(granted, bucket.at() <= now ? (long) Math.floor(bucket.level()) : 0);
      found.add(bucket);
    }
    granted = granted < least ? 0 : granted;
    List<Grant> grants = new ArrayList<>();
    for (int i = 0; i < draws.size(); i++) {
      Bucket was = found.get(i);
      double left = was.level() - granted;
      buckets.put(draws.get(i).bucket(), new Bucket(left, was.at(), was.opened(), run));
      Duration opens = Duration.ofNanos((long) Math.ceil((was.at() - now) * MILLION));
      grants.add(new Grant(granted, (long) Math.floor(left), opens));
    }
    return grants;
  }

  private Bucket now(Draw draw, double now, double pause) {
    BucketRate rate = draw.rate();
    double perMilli = rate.perSecond() / 1000.0;
    double counted = draw.own().counted().toNanos() / MILLION;
    double ended = draw.own().ended().toNanos() / MILLION;
    Bucket kept = buckets.get(draw.bucket());
    if (kept == null) {
      kept = unknown(rate, now, pause);
    }
    if (kept == null || kept.run() != run) {
      return new Bucket(0, now + pause, now + pause, run);
    }
    if (counted > 0 && kept.opened() < now - ended - counted) {
      boolean over = ended >= pause;
      double fresh = over ? Math.max(0, Math.min(ended, now - kept.at())) * perMilli : 0;
      double owed = counted * perMilli / rate.gateways();
      double level = Math.max(0, Math.min(kept.level() + fresh, rate.most()) - owed);
      return new Bucket(level, over ? now : now + pause, over ? kept.opened() : now + pause, run);
    }
    double at = Math.min(kept.at(), now + pause);
    double level = Math.min(rate.most(), kept.level() + Math.max(0, now - at) * perMilli);
    return new Bucket(level, Math.max(at, now), kept.opened(), run);
  }

  private @Nullable Bucket unknown(BucketRate rate, double now, double pause) {
    if (rate.most() > rate.perSecond() / 1000.0 * DAY) {
      return null;
    }
    double since = known == null ? now : known;
    known = since;
    double opens = since + pause;
    return new Bucket(0, opens, opens, run);
  }
}
