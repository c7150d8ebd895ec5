package dev.weft.gateway.redis;

import dev.weft.gateway.domain.FailureBucket;
import dev.weft.gateway.domain.FailureBucket.Rate;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This gateway's own buckets, which count along at all times, so that they are right when Redis
 * goes away. The least recently used address is forgotten first, which helps nobody who comes from
 * few addresses.
 */
final class LocalFailureBuckets {

  private static final int MOST = 20_000;

  private final Rate rate;
  private final Ticker ticker;
  private final Map<String, FailureBucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, FailureBucket> eldest) {
          return size() > MOST;
        }
      };

  LocalFailureBuckets(Rate rate, Ticker ticker) {
    this.rate = rate;
    this.ticker = ticker;
  }

  synchronized Duration waitFor(String source) {
    @Nullable FailureBucket bucket = buckets.get(source);
    return bucket == null ? Duration.ZERO : bucket.at(ticker.nanos(), rate).wait(rate);
  }

  synchronized void failed(String source) {
    long now = ticker.nanos();
    FailureBucket bucket = buckets.getOrDefault(source, FailureBucket.full(rate, now));
    buckets.put(source, bucket.at(now, rate).failed());
  }
}
