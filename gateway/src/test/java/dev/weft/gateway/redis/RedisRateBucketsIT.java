package dev.weft.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.gateway.app.RateBuckets;
import dev.weft.gateway.app.RateBuckets.Draw;
import dev.weft.gateway.app.RateBucketsContract;
import dev.weft.gateway.domain.BucketRate;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.testing.InProcessGateway;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(InProcessGateway.class)
class RedisRateBucketsIT extends RateBucketsContract {

  @Inject ReactiveRedisDataSource redis;

  @Override
  protected RateBuckets buckets() {
    return new RedisSharedBuckets(redis);
  }

  @Override
  protected void until(BooleanSupplier condition) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .until(condition::getAsBoolean);
  }

  @Test
  void ofManyAtOnceAsManyAreGivenAsThereIsInBothBuckets() {
    BucketRate slow = new BucketRate(0.001, 40, 2);
    Draw one = new Draw("one-" + UUID.randomUUID(), slow, OwnPart.NONE);
    Draw two = new Draw("two-" + UUID.randomUUID(), slow, OwnPart.NONE);
    until(() -> full(one) && full(two));

    List<CompletableFuture<Long>> asked =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    buckets()
                        .takeAll(i % 2 == 0 ? List.of(one, two) : List.of(two, one), 3)
                        .toCompletableFuture()
                        .thenApply(grants -> grants.getFirst().granted()))
            .toList();

    assertThat(asked.stream().mapToLong(CompletableFuture::join).sum()).isEqualTo(39);
  }

  private boolean full(Draw draw) {
    Draw fast = new Draw(draw.bucket(), new BucketRate(10_000, 40, 2), OwnPart.NONE);
    return buckets().takeAll(List.of(fast), 0).toCompletableFuture().join().getFirst().left() >= 40;
  }
}
