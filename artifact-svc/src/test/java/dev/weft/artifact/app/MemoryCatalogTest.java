package dev.weft.artifact.app;

import dev.weft.platform.testing.SettableClock;
import java.time.Duration;

class MemoryCatalogTest extends CatalogContract {

  private final SettableClock clock = new SettableClock();

  @Override
  protected void open() {
    MemoryCatalog catalog = new MemoryCatalog(clock, GRACE);
    blobs = catalog;
    artifacts = catalog;
    garbage = catalog;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }
}
