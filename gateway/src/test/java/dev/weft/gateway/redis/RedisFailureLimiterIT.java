package dev.weft.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.domain.FailureBucket.Rate;
import dev.weft.gateway.testing.InProcessGateway;
import dev.weft.platform.testing.SettableTicker;
import dev.weft.platform.time.Ticker;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(InProcessGateway.class)
class RedisFailureLimiterIT {

  private static final Rate RATE = new Rate(10, Duration.ofMinutes(1));

  @Inject ReactiveRedisDataSource redis;

  @Test
  void twoGatewaysShareOneBucketWhoeverCounts() {
    RedisFailureLimiter one = new RedisFailureLimiter(redis, RATE, 2, Ticker.system());
    RedisFailureLimiter two = new RedisFailureLimiter(redis, RATE, 2, Ticker.system());
    String source = "addr-" + UUID.randomUUID();
    List<CompletionStage<Void>> failures = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      failures.add(one.failed(source));
      failures.add(two.failed(source));
    }
    failures.forEach(RedisFailureLimiterIT::join);

    assertThat(join(one.waitFor(source))).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1));
    assertThat(join(two.waitFor(source))).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1));
    assertThat(join(one.waitFor("addr-" + UUID.randomUUID()))).isZero();
  }

  @Test
  void nineFailuresOfTenLeaveOneTry() {
    RedisFailureLimiter limiter = new RedisFailureLimiter(redis, RATE, 2, Ticker.system());
    String source = "addr-" + UUID.randomUUID();
    for (int i = 0; i < 9; i++) {
      join(limiter.failed(source));
    }
    assertThat(join(limiter.waitFor(source))).isZero();

    join(limiter.failed(source));

    assertThat(join(limiter.waitFor(source))).isPositive();
  }

  @Test
  void aBucketFillsAgainAndIsForgottenWhenFull() {
    RedisFailureLimiter limiter =
        new RedisFailureLimiter(redis, new Rate(2, Duration.ofMillis(100)), 1, Ticker.system());
    String source = "addr-" + UUID.randomUUID();
    join(limiter.failed(source));
    join(limiter.failed(source));
    assertThat(join(limiter.waitFor(source))).isPositive();

    await().atMost(Duration.ofSeconds(5)).until(() -> join(limiter.waitFor(source)).isZero());
  }

  @Test
  void theLocalBucketIsThisGatewaysPartOfTheBound() {
    SettableTicker ticker = new SettableTicker();
    LocalFailureBuckets local = new LocalFailureBuckets(RATE.share(2), ticker);
    for (int i = 0; i < 5; i++) {
      assertThat(local.waitFor("a")).isZero();
      local.failed("a");
    }

    assertThat(local.waitFor("a")).isEqualTo(Duration.ofMinutes(2));
    assertThat(local.waitFor("b")).isZero();
    ticker.advance(Duration.ofMinutes(2));
    assertThat(local.waitFor("a")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1,10.0.0.1",
    "2001:db8:1:2:3:4:5:6,20010db800010002/64",
    "2001:db8:1:2:ffff::1,20010db800010002/64",
    "fe80::1%eth0,fe80000000000000/64",
    "unknown,unknown"
  })
  void anIpv6HostIsItsNetwork(String source, String key) {
    assertThat(SourceKey.of(source)).isEqualTo(key);
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
