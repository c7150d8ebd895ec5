package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.RateBuckets.Draw;
import dev.weft.gateway.domain.BucketRate;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What all {@link RateBuckets} do beyond what the {@link SharedBucketsContract} says. */
public abstract class RateBucketsContract {

  /** So slow that nothing comes back in a test, once they are full. */
  private static final BucketRate SMALL = new BucketRate(0.001, 10, 2);

  private static final BucketRate LARGE = new BucketRate(0.001, 30, 2);

  private final String name = UUID.randomUUID().toString();

  protected abstract RateBuckets buckets();

  /** Their time goes on until it is so. */
  protected abstract void until(BooleanSupplier condition);

  @Test
  void theAmountIsTakenFromAllOrFromNone() {
    fill();

    List<Grant> both = take(6, draw("small", SMALL), draw("large", LARGE));
    List<Grant> again = take(6, draw("small", SMALL), draw("large", LARGE));
    List<Grant> large = take(6, draw("large", LARGE));

    assertThat(both).extracting(Grant::granted).containsExactly(6L, 6L);
    assertThat(both).extracting(Grant::left).containsExactly(4L, 24L);
    assertThat(again).extracting(Grant::granted).containsExactly(0L, 0L);
    assertThat(again).extracting(Grant::left).as("untouched").containsExactly(4L, 24L);
    assertThat(large).extracting(Grant::left).containsExactly(18L);
  }

  @Test
  void aFullBucketGivesAllThatItHolds() {
    fill();

    assertThat(take(10, draw("small", SMALL))).extracting(Grant::granted).containsExactly(10L);
    assertThat(take(1, draw("small", SMALL))).extracting(Grant::granted).containsExactly(0L);
  }

  @Test
  void aClosedOneClosesAllThatAreAskedWithIt() {
    fill();
    // Longer than a day to fill, so it may have been forgotten and is never taken for full.
    BucketRate forGood = new BucketRate(0.000_01, 10, 2);

    List<Grant> grants = take(1, draw("large", LARGE), draw("new", forGood));

    assertThat(grants).extracting(Grant::granted).containsExactly(0L, 0L);
    assertThat(grants).extracting(Grant::open).containsExactly(true, false);
  }

  @Test
  void askedForNoBucketTheyAnswer() {
    assertThat(take(0)).isEmpty();
  }

  /** By a rate at which they are full at once; then they go on at their own. */
  private void fill() {
    for (Draw draw : List.of(draw("small", SMALL), draw("large", LARGE))) {
      BucketRate fast = new BucketRate(10_000, draw.rate().most(), 2);
      until(
          () ->
              take(0, new Draw(draw.bucket(), fast, OwnPart.NONE)).getFirst().left()
                  >= fast.most());
    }
  }

  private Draw draw(String bucket, BucketRate rate) {
    return new Draw(bucket + name, rate, OwnPart.NONE);
  }

  private List<Grant> take(long amount, Draw... draws) {
    return buckets().takeAll(List.of(draws), amount).toCompletableFuture().join();
  }
}
