package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.cell.Denial;
import org.junit.jupiter.api.Test;

class RouterReasonTest {

  @Test
  void everyDenialOfTheCoreKeepsItsName() {
    for (Denial.Reason reason : Denial.Reason.values()) {
      assertThat(RouterReason.of(reason).name()).isEqualTo(reason.name());
    }
  }
}
