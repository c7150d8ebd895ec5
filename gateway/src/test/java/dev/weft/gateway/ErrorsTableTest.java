package dev.weft.gateway;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.testing.ErrorCatalogue;
import org.junit.jupiter.api.Test;

class ErrorsTableTest {

  @Test
  void everyReasonHasItsRow() {
    ErrorCatalogue.verify(GatewayReason.class);
  }
}
