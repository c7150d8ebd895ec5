package dev.weft.artifact.app.frames;

import dev.weft.platform.testing.SettableClock;
import java.time.Duration;

class MemoryFrameRowsTest extends FrameRowsContract {

  private final SettableClock clock = new SettableClock();
  private final MemoryFrameRows rows = new MemoryFrameRows(clock);

  @Override
  protected FrameRows rows() {
    return rows;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }
}
