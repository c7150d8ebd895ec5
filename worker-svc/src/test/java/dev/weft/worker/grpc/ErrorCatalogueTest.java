package dev.weft.worker.grpc;

import dev.weft.platform.testing.ErrorCatalogue;
import dev.weft.worker.domain.FailureReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCatalogueTest {

  @ParameterizedTest
  @EnumSource
  void everyReasonStandsInTheTable(FailureReason reason) {
    ErrorCatalogue.verify(reason.name(), WorkProtoMapper.code(reason).getNumber());
  }
}
