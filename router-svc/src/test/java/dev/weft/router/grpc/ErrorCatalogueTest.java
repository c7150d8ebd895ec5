package dev.weft.router.grpc;

import dev.weft.platform.testing.ErrorCatalogue;
import org.junit.jupiter.api.Test;

class ErrorCatalogueTest {

  @Test
  void everyReasonStandsInTheTable() {
    ErrorCatalogue.verify(RouterReason.class);
  }
}
