package dev.weft.gateway.app;

import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.function.BooleanSupplier;

class FakeSharedBucketsTest extends SharedBucketsContract {

  private final SettableTicker ticker = new SettableTicker();
  private final FakeSharedBuckets buckets = new FakeSharedBuckets(ticker);

  @Override
  protected SharedBuckets buckets() {
    return buckets;
  }

  @Override
  protected void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      ticker.advance(Duration.ofMillis(1));
    }
  }

  @Override
  protected long nanos() {
    return ticker.nanos();
  }

  @Override
  protected void forget() {
    buckets.flush();
  }

  @Override
  protected void restart(String tenant) {
    buckets.restart(buckets.kept());
  }
}
