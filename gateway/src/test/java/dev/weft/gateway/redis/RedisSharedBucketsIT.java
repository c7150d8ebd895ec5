package dev.weft.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.app.SharedBuckets;
import dev.weft.gateway.app.SharedBucketsContract;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.gateway.testing.InProcessGateway;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(InProcessGateway.class)
class RedisSharedBucketsIT extends SharedBucketsContract {

  @Inject ReactiveRedisDataSource redis;

  @Override
  protected SharedBuckets buckets() {
    return new RedisSharedBuckets(redis);
  }

  @Override
  protected void until(BooleanSupplier condition) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .until(condition::getAsBoolean);
  }

  @Override
  protected long nanos() {
    return System.nanoTime();
  }

  @Override
  protected void forget() {
    redis.execute("FLUSHALL").await().indefinitely();
  }

  /** What the append-only file brings back bears the name of the run before. */
  @Override
  protected void restart(String tenant) {
    redis.execute("HSET", "weft:submit:" + tenant, "run", "before").await().indefinitely();
  }

  @Test
  void manyAtOnceGetNoMoreThanThereIs() {
    SubmitRate rate = new SubmitRate(10, 100, 2);
    String tenant = "t-" + UUID.randomUUID();
    SharedBuckets buckets = buckets();
    forget();
    until(() -> ask(buckets, tenant, rate, 0).join().left() >= 5);
    long before = System.nanoTime();

    long granted =
        IntStream.range(0, 64).mapToObj(_ -> ask(buckets, tenant, rate, 3)).toList().stream()
            .mapToLong(answer -> answer.join().granted())
            .sum();

    double seconds = (System.nanoTime() - before) / 1e9;
    assertThat(granted).isBetween(5L, 6 + (long) (seconds * rate.perSecond()));
  }

  @Test
  void aBucketIsForgottenTenMinutesAfterItWouldBeFull() {
    String tenant = "t-" + UUID.randomUUID();
    ask(buckets(), tenant, new SubmitRate(10, 100, 2), 1).join();

    long left = redis.execute("PTTL", "weft:submit:" + tenant).await().indefinitely().toLong();

    assertThat(Duration.ofMillis(left)).isBetween(Duration.ofSeconds(600), Duration.ofSeconds(610));
  }

  private static CompletableFuture<Grant> ask(
      SharedBuckets buckets, String tenant, SubmitRate rate, long wanted) {
    return buckets.take(tenant, rate, wanted, OwnPart.NONE).toCompletableFuture();
  }
}
