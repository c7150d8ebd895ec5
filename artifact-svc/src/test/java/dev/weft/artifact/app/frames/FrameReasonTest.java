package dev.weft.artifact.app.frames;

import dev.weft.platform.testing.ErrorCatalogue;
import org.junit.jupiter.api.Test;

class FrameReasonTest {

  @Test
  void everyReasonStandsInTheTable() {
    ErrorCatalogue.verify(FrameReason.class);
  }
}
