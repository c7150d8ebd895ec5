package dev.weft.gateway.redis;

import dev.weft.gateway.app.SharedBuckets;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The buckets in Redis: one script a question, by Redis's own clock. A bucket names the run of the
 * server that wrote it: after a restart or a failover what it holds may be older than what was
 * given.
 */
public final class RedisSharedBuckets implements SharedBuckets {

  private static final String PREFIX = "weft:submit:";

  /**
   * KEYS: bucket. ARGV: tokens per s, most tokens, gateways, ms for which it closes, wanted, ms for
   * which the gateway's own part has counted, ms since that ended. Answers what is granted, what is
   * left, and the microseconds until the bucket opens.
   *
   * <p>A bucket that has not been asked for a day is forgotten, as if it had been lost.
   */
  private static final String SCRIPT =
      """
      local rate, most = tonumber(ARGV[1]) / 1000, tonumber(ARGV[2])
      local pause, wanted = tonumber(ARGV[4]), tonumber(ARGV[5])
      local own, ended = tonumber(ARGV[6]), tonumber(ARGV[7])
      local time = redis.call('TIME')
      local now = time[1] * 1000 + time[2] / 1000
      local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
      local kept = redis.call('HMGET', KEYS[1], 'level', 'at', 'opened', 'run')
      local level, at, opened = tonumber(kept[1]), tonumber(kept[2]), tonumber(kept[3])
      if not level or not at or not opened or kept[4] ~= run then
        level, opened = 0, now + pause
        at = opened
      elseif own > 0 and opened < now - ended - own then
        local fresh = math.max(0, math.min(ended, now - at)) * rate
        at = now
        if ended < pause then
          fresh = 0
          opened = now + pause
          at = opened
        end
        level = math.max(0, math.min(most, level + fresh) - own * rate / tonumber(ARGV[3]))
      else
        at = math.min(at, now + pause)
        level = math.min(most, level + math.max(0, now - at) * rate)
        at = math.max(at, now)
      end
      local granted = 0
      if at <= now then granted = math.min(wanted, math.floor(level)) end
      level = level - granted
      redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'at',
        string.format('%.3f', at), 'opened', string.format('%.3f', opened), 'run', run)
      redis.call('PEXPIRE', KEYS[1], 86400000)
      return {granted, math.floor(level), math.ceil((at - now) * 1000)}
      """;

  private final ReactiveRedisDataSource redis;

  public RedisSharedBuckets(ReactiveRedisDataSource redis) {
    this.redis = redis;
  }

  @Override
  public CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, OwnPart own) {
    CompletableFuture<Grant> answer = new CompletableFuture<>();
    redis
        .execute(
            Command.EVAL,
            SCRIPT,
            "1",
            PREFIX + tenant,
            Long.toString(rate.perSecond()),
            String.format(Locale.ROOT, "%.6f", rate.shared()),
            Integer.toString(rate.gateways()),
            Long.toString(Grant.CLOSED.toMillis()),
            Long.toString(wanted),
            millis(own.counted()),
            millis(own.ended()))
        .map(RedisSharedBuckets::grant)
        .subscribe()
        .with(answer::complete, answer::completeExceptionally);
    return answer;
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e6);
  }

  private static Grant grant(Response answer) {
    return new Grant(
        answer.get(0).toLong(),
        answer.get(1).toLong(),
        Duration.ofNanos(Math.max(0, answer.get(2).toLong()) * 1000));
  }
}
