package dev.weft.gateway.redis;

import dev.weft.gateway.app.RateBuckets;
import dev.weft.gateway.app.SharedBuckets;
import dev.weft.gateway.domain.BucketRate;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The buckets in Redis: one script a question, by Redis's own clock. A bucket names the run of the
 * server that wrote it: after a restart or a failover what it holds may be older than what was
 * given.
 */
public final class RedisSharedBuckets implements SharedBuckets, RateBuckets {

  private static final String SUBMIT = "weft:submit:";
  private static final String RATE = "weft:rate:";

  /** Since when this run of the server has forgotten nothing. */
  private static final String KNOWN = "weft:known";

  /**
   * KEYS: what is known, and the buckets. ARGV: ms for which an unknown bucket closes, wanted, the
   * least that is worth being given; of each bucket: tokens per s, most tokens, gateways, ms for
   * which the gateway's own part has counted, ms since that ended. Answers what each bucket has
   * given, and of each what is left, and the microseconds until it opens.
   *
   * <p>A bucket is forgotten ten minutes after it would be full, or when it has not been asked for
   * a day, so that names which are asked for once are not kept long. So an unknown one is as if it
   * had been asked for when this run of the server began to forget nothing.
   */
  private static final String SCRIPT =
      """
      local day = 86400000
      local pause, wanted, least = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      local time = redis.call('TIME')
      local now = time[1] * 1000 + time[2] / 1000
      local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')

      local function known_since()
        local evicted = string.match(redis.call('INFO', 'stats'), 'evicted_keys:(%d+)')
        local kept = redis.call('HMGET', KEYS[1], 'run', 'evicted', 'since')
        if kept[1] == run and kept[2] == evicted and tonumber(kept[3]) then
          return tonumber(kept[3])
        end
        redis.call('HSET', KEYS[1], 'run', run, 'evicted', evicted, 'since',
          string.format('%.3f', now))
        return now
      end

      local function read(key, rate, most, gateways, own, ended)
        local kept = redis.call('HMGET', key, 'level', 'at', 'opened', 'run')
        local level, at, opened = tonumber(kept[1]), tonumber(kept[2]), tonumber(kept[3])
        if not kept[1] and most <= rate * day then
          opened = known_since() + pause
          level, at, kept[4] = 0, opened, run
        end
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
          level = math.max(0, math.min(most, level + fresh) - own * rate / gateways)
        else
          at = math.min(at, now + pause)
          level = math.min(most, level + math.max(0, now - at) * rate)
          at = math.max(at, now)
        end
        return {level, at, opened}
      end

      local buckets, full, granted = {}, {}, wanted
      for i = 2, #KEYS do
        local of = 5 * i - 7
        local bucket = read(KEYS[i], tonumber(ARGV[of + 1]) / 1000, tonumber(ARGV[of + 2]),
          tonumber(ARGV[of + 3]), tonumber(ARGV[of + 4]), tonumber(ARGV[of + 5]))
        granted = math.min(granted, bucket[2] <= now and math.floor(bucket[1]) or 0)
        buckets[i] = bucket
        full[i] = math.ceil(tonumber(ARGV[of + 2]) / tonumber(ARGV[of + 1]) * 1000)
      end
      if granted < least then granted = 0 end
      local answer = {granted}
      for i = 2, #KEYS do
        local level, at, opened = buckets[i][1] - granted, buckets[i][2], buckets[i][3]
        redis.call('HSET', KEYS[i], 'level', string.format('%.6f', level), 'at',
          string.format('%.3f', at), 'opened', string.format('%.3f', opened), 'run', run)
        redis.call('PEXPIRE', KEYS[i], math.min(day, full[i] + 600000))
        table.insert(answer, math.floor(level))
        table.insert(answer, math.ceil((at - now) * 1000))
      end
      return answer
      """;

  private final ReactiveRedisDataSource redis;

  public RedisSharedBuckets(ReactiveRedisDataSource redis) {
    this.redis = redis;
  }

  @Override
  public CompletionStage<Grant> take(String tenant, SubmitRate rate, long wanted, OwnPart own) {
    List<Draw> draws = List.of(new Draw(tenant, rate.bucket(), own));
    return take(SUBMIT, Grant.CLOSED, draws, wanted, 0).thenApply(List::getFirst);
  }

  @Override
  public CompletionStage<List<Grant>> takeAll(List<Draw> draws, long amount) {
    return take(RATE, CLOSED, draws, amount, amount);
  }

  private CompletionStage<List<Grant>> take(
      String prefix, Duration pause, List<Draw> draws, long wanted, long least) {
    List<String> words = new ArrayList<>();
    words.add(SCRIPT);
    words.add(Integer.toString(1 + draws.size()));
    words.add(KNOWN);
    draws.forEach(draw -> words.add(prefix + draw.bucket()));
    words.add(Long.toString(pause.toMillis()));
    words.add(Long.toString(wanted));
    words.add(Long.toString(least));
    for (Draw draw : draws) {
      BucketRate rate = draw.rate();
      words.add(decimal("%.9f", rate.perSecond()));
      words.add(decimal("%.6f", rate.most()));
      words.add(Integer.toString(rate.gateways()));
      words.add(millis(draw.own().counted()));
      words.add(millis(draw.own().ended()));
    }
    CompletableFuture<List<Grant>> answer = new CompletableFuture<>();
    redis
        .execute(Command.EVAL, words.toArray(String[]::new))
        .map(given -> grants(given, draws.size()))
        .subscribe()
        .with(answer::complete, answer::completeExceptionally);
    return answer;
  }

  private static String millis(Duration time) {
    return decimal("%.3f", time.toNanos() / 1e6);
  }

  private static String decimal(String format, double number) {
    return String.format(Locale.ROOT, format, number);
  }

  private static List<Grant> grants(Response answer, int buckets) {
    List<Grant> grants = new ArrayList<>();
    for (int i = 1; i <= buckets; i++) {
      long micros = Math.max(0, answer.get(2 * i).toLong());
      grants.add(
          new Grant(
              answer.get(0).toLong(),
              answer.get(2 * i - 1).toLong(),
              Duration.ofNanos(micros * 1000)));
    }
    return grants;
  }
}
