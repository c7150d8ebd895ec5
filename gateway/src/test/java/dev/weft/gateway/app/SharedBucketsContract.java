package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What all {@link SharedBuckets} do. */
public abstract class SharedBucketsContract {

  /** Holds the burst less what refills in 75 ms. */
  private static final SubmitRate RATE = new SubmitRate(1_000, 200, 2);

  private static final long FULL = 125;

  private final String tenant = "t-" + UUID.randomUUID();

  protected abstract SharedBuckets buckets();

  /** Their time goes on until it is so. */
  protected abstract void until(BooleanSupplier condition);

  protected abstract long nanos();

  /** Everything that they know is gone. */
  protected abstract void forget();

  /** Another run of the same keeper: what it knows may be too old. */
  protected abstract void restart(String tenant);

  @Test
  void aBucketThatMayHaveBeenForgottenIsEmptyAndClosed() {
    forget();

    Grant first = take(10, OwnPart.NONE);

    assertThat(first.granted()).isZero();
    assertThat(first.opensIn()).isPositive().isLessThanOrEqualTo(Grant.CLOSED);
  }

  @Test
  void anUnknownBucketIsFullOnceNothingCanHaveBeenForgottenForSoLong() {
    forget();
    until(() -> take(0, OwnPart.NONE).left() >= FULL);

    Grant other =
        buckets().take("other-" + tenant, RATE, 1_000, OwnPart.NONE).toCompletableFuture().join();

    assertThat(other.open()).isTrue();
    assertThat(other.granted()).isEqualTo(FULL);
  }

  @Test
  void itOpensEmptyAndRefillsAtItsRate() {
    forget();
    long start = nanos();
    take(0, OwnPart.NONE);
    until(() -> take(0, OwnPart.NONE).open());
    long granted = take(1_000, OwnPart.NONE).granted();
    until(() -> take(0, OwnPart.NONE).left() > 5);
    granted += take(1_000, OwnPart.NONE).granted();

    double seconds = (nanos() - start - Grant.CLOSED.toNanos()) / 1e9;
    assertThat(granted).isBetween(6L, (long) (seconds * RATE.perSecond()) + 1);
  }

  @Test
  void itNeverHoldsMoreThanTheBurstLessALease() {
    fill();
    long since = nanos();
    until(() -> nanos() - since > Duration.ofMillis(100).toNanos());

    assertThat(take(1_000, OwnPart.NONE).granted()).isEqualTo(FULL);
  }

  @Test
  void whatOneHasTakenTheOtherHasNot() {
    fill();

    Grant one = take(50, OwnPart.NONE);
    Grant two = take(FULL, OwnPart.NONE);

    assertThat(one.granted()).isEqualTo(50);
    assertThat(two.granted()).isLessThan(FULL).isGreaterThanOrEqualTo(25);
    Grant other =
        buckets().take("other-" + tenant, RATE, FULL, OwnPart.NONE).toCompletableFuture().join();
    assertThat(other.granted()).isEqualTo(FULL);
  }

  @Test
  void oneThatWasForgottenIsNotFullAgain() {
    fill();

    forget();

    assertThat(take(1, OwnPart.NONE).opensIn()).isPositive();
    assertThat(take(0, OwnPart.NONE).left()).isZero();
  }

  @Test
  void oneOfAnEarlierRunIsEmpty() {
    fill();

    restart(tenant);

    assertThat(take(1, OwnPart.NONE).opensIn()).isPositive();
    assertThat(take(0, OwnPart.NONE).left()).isZero();
  }

  @Test
  void oneThatCouldNotBeAskedIsClosedOnceAndPaysForWhatWasLetThrough() {
    fill();
    long opened = nanos();
    until(() -> nanos() - opened > Duration.ofMillis(200).toNanos());

    Grant first = take(1, own(100, 0));
    Grant second = take(1, own(90, 0));

    assertThat(first.granted()).isZero();
    assertThat(first.opensIn()).isPositive();
    assertThat(first.left()).isEqualTo(FULL - 50);
    assertThat(second.left()).isEqualTo(FULL - 50);
    assertThat(second.opensIn()).isLessThanOrEqualTo(first.opensIn());
  }

  @Test
  void whoseOwnPartEndedLongAgoPaysForItAndFindsTheBucketOpen() {
    fill();
    long opened = nanos();
    until(() -> nanos() - opened > Duration.ofMillis(600).toNanos());

    Grant grant = take(1, own(100, 400));

    assertThat(grant.open()).isTrue();
    assertThat(grant.granted()).isEqualTo(1);
    assertThat(grant.left()).isEqualTo(FULL - 50 - 1);
  }

  @Test
  void whatRefilledWhileAnOwnPartCountedIsForgotten() {
    SubmitRate slow = new SubmitRate(100, 200, 2);
    forget();
    long start = nanos();
    take(slow, OwnPart.NONE);
    until(() -> nanos() - start > Duration.ofMillis(900).toNanos());

    Grant grant = take(slow, own(100, 350));

    assertThat(grant.open()).isTrue();
    assertThat(grant.left()).isEqualTo(35 - 5);
  }

  private Grant take(SubmitRate rate, OwnPart own) {
    return buckets().take(tenant, rate, 0, own).toCompletableFuture().join();
  }

  private void fill() {
    until(() -> take(0, OwnPart.NONE).left() >= FULL);
  }

  private static OwnPart own(long counted, long ended) {
    return new OwnPart(Duration.ofMillis(counted), Duration.ofMillis(ended));
  }

  private Grant take(long wanted, OwnPart own) {
    return buckets().take(tenant, RATE, wanted, own).toCompletableFuture().join();
  }
}
