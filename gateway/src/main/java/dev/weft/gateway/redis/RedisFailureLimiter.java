package dev.weft.gateway.redis;

import dev.weft.gateway.app.FailureLimiter;
import dev.weft.gateway.domain.FailureBucket.Rate;
import dev.weft.platform.time.Ticker;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.mutiny.redis.client.Command;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * One bucket per address for all gateways: a script takes and fills it in one step by Redis's own
 * clock. When Redis does not answer in time, this gateway's part of the bound holds.
 */
public final class RedisFailureLimiter implements FailureLimiter {

  private static final Logger LOG = Logger.getLogger(RedisFailureLimiter.class);
  private static final long PATIENCE_MILLIS = 300;
  private static final long REPORT_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * KEYS: bucket. ARGV: burst, refill in ms, failures to count now. Answers the ms until one try is
   * free.
   */
  private static final String SCRIPT =
      """
      local burst = tonumber(ARGV[1])
      local refill = tonumber(ARGV[2])
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
      local level = tonumber(kept[1]) or burst
      local at = tonumber(kept[2]) or now
      level = math.min(burst, level + math.max(0, now - at) / refill)
      if tonumber(ARGV[3]) > 0 then
        level = math.max(0, level - tonumber(ARGV[3]))
        redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', now)
        redis.call('PEXPIRE', KEYS[1], math.ceil((burst - level) * refill) + 1000)
      end
      if level >= 1 then return 0 end
      return math.ceil((1 - level) * refill)
      """;

  private final ReactiveRedisDataSource redis;
  private final Rate rate;
  private final LocalFailureBuckets local;
  private final Ticker ticker;
  private final AtomicLong reportedAt;

  /**
   * @param gateways most that run at once
   */
  public RedisFailureLimiter(
      ReactiveRedisDataSource redis, Rate rate, int gateways, Ticker ticker) {
    this.redis = redis;
    this.rate = rate;
    this.local = new LocalFailureBuckets(rate.share(gateways), ticker);
    this.ticker = ticker;
    this.reportedAt = new AtomicLong(ticker.nanos() - REPORT_NANOS);
  }

  @Override
  public CompletionStage<Duration> waitFor(String source) {
    String key = SourceKey.of(source);
    return ask(key, 0).exceptionally(failure -> fallBack(failure, key));
  }

  @Override
  public CompletionStage<Void> failed(String source) {
    String key = SourceKey.of(source);
    local.failed(key);
    return ask(key, 1).exceptionally(failure -> fallBack(failure, key)).thenApply(_ -> null);
  }

  private CompletionStage<Duration> ask(String key, int failures) {
    CompletableFuture<Duration> answer = new CompletableFuture<>();
    redis
        .execute(
            Command.EVAL,
            SCRIPT,
            "1",
            "weft:authfail:" + key,
            Integer.toString(rate.burst()),
            Long.toString(Math.max(1, rate.refill().toMillis())),
            Integer.toString(failures))
        .subscribe()
        .with(
            wait -> answer.complete(Duration.ofMillis(wait.toLong())),
            answer::completeExceptionally);
    return answer.orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private Duration fallBack(Throwable failure, String key) {
    long now = ticker.nanos();
    long last = reportedAt.get();
    if (now - last >= REPORT_NANOS && reportedAt.compareAndSet(last, now)) {
      LOG.warnf(
          "redis does not answer, failed authentications are bounded by this gateway alone:"
              + " error=%s",
          failure.toString());
    }
    return local.waitFor(key);
  }
}
