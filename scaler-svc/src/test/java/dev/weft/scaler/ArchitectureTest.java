package dev.weft.scaler;

import dev.weft.platform.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void arrowsPointInward() {
    ArchitectureRules.verify("dev.weft.scaler");
  }
}
