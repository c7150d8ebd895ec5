package dev.weft.artifact;

import dev.weft.platform.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  @Test
  void arrowsPointInward() {
    ArchitectureRules.verify("dev.weft.artifact");
  }
}
