package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryShareTest {

  @ParameterizedTest
  @CsvSource({"0, 524288", "1, 524288", "32, 524288", "64, 262144", "1024, 16384", "8000, 8192"})
  void everyReaderHasAnEqualShareWithinBounds(int readers, int bytes) {
    assertThat(MemoryShare.ofReaders(() -> readers).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"0, 1048576", "32, 1048576", "64, 524288", "512, 65536", "10000, 65536"})
  void everyRingHasAnEqualShareWithinBounds(int rings, int bytes) {
    assertThat(MemoryShare.ofRings(() -> rings).bytes()).isEqualTo(bytes);
  }
}
