package dev.weft.registry;

import dev.weft.platform.testing.ErrorCatalogue;
import dev.weft.registry.app.RegistryReason;
import org.junit.jupiter.api.Test;

class ErrorCatalogueTest {

  @Test
  void everyReasonStandsInTheTable() {
    ErrorCatalogue.verify(RegistryReason.class);
  }
}
