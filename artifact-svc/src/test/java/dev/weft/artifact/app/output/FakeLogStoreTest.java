package dev.weft.artifact.app.output;

import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.UUID;

class FakeLogStoreTest extends LogStoreContract {

  private final SettableTicker ticker = new SettableTicker();
  private final FakeLogStore store = new FakeLogStore(ticker);

  @Override
  protected LogStore store() {
    return store;
  }

  @Override
  protected LogUpkeep upkeep() {
    return store;
  }

  @Override
  protected void age(UUID log, Duration duration) {
    ticker.advance(duration);
  }
}
