package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReaderShareTest {

  @ParameterizedTest
  @CsvSource({"0, 524288", "1, 524288", "32, 524288", "64, 262144", "1024, 16384", "8000, 8192"})
  void everyReaderHasAnEqualShareWithinBounds(int readers, int bytes) {
    assertThat(new ReaderShare(() -> readers).bytes()).isEqualTo(bytes);
  }
}
