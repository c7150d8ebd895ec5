package dev.weft.gateway.app;

import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.function.BooleanSupplier;

class FakeRateBucketsTest extends RateBucketsContract {

  private final SettableTicker ticker = new SettableTicker();
  private final FakeSharedBuckets buckets = new FakeSharedBuckets(ticker);

  @Override
  protected RateBuckets buckets() {
    return buckets;
  }

  @Override
  protected void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      ticker.advance(Duration.ofMillis(1));
    }
  }
}
