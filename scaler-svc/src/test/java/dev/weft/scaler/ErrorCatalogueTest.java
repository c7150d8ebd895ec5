package dev.weft.scaler;

import dev.weft.platform.testing.ErrorCatalogue;
import dev.weft.scaler.app.ScalerReason;
import org.junit.jupiter.api.Test;

class ErrorCatalogueTest {

  @Test
  void everyReasonStandsInTheTable() {
    ErrorCatalogue.verify(ScalerReason.class);
  }
}
