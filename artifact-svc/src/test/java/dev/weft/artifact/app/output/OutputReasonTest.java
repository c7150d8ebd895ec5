package dev.weft.artifact.app.output;

import dev.weft.platform.testing.ErrorCatalogue;
import org.junit.jupiter.api.Test;

class OutputReasonTest {

  @Test
  void everyReasonStandsInTheTable() {
    ErrorCatalogue.verify(OutputReason.class);
  }
}
