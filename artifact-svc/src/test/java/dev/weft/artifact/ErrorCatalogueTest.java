package dev.weft.artifact;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.platform.testing.ErrorCatalogue;
import org.junit.jupiter.api.Test;

class ErrorCatalogueTest {

  @Test
  void everyReasonStandsInTheTable() {
    ErrorCatalogue.verify(ArtifactReason.class);
  }
}
