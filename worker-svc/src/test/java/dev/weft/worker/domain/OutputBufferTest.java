package dev.weft.worker.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.OutputBuffer.Stream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputBufferTest {

  private final OutputBuffer buffer = new OutputBuffer(10);

  @Test
  void orderIsKeptTogetherAndEachStreamApart() {
    append(Stream.STDOUT, "ab");
    append(Stream.STDERR, "12");
    append(Stream.STDOUT, "cd");

    CapturedOutput output = buffer.capture();
    assertThat(text(output.combined())).isEqualTo("ab12cd");
    assertThat(text(output.stdout())).isEqualTo("abcd");
    assertThat(text(output.stderr())).isEqualTo("12");
    assertThat(output.truncated()).isFalse();
    assertThat(output.totalBytes()).isEqualTo(6);
  }

  @Test
  void whatIsOverTheBoundIsCountedAndSaid() {
    append(Stream.STDOUT, "12345678");
    append(Stream.STDERR, "abcd");
    append(Stream.STDOUT, "more");

    CapturedOutput output = buffer.capture();
    assertThat(text(output.combined())).isEqualTo("12345678ab");
    assertThat(text(output.stderr())).isEqualTo("ab");
    assertThat(output.truncated()).isTrue();
    assertThat(output.totalBytes()).isEqualTo(16);
  }

  @Test
  void exactlyTheBoundIsNotTruncated() {
    append(Stream.STDOUT, "1234567890");

    assertThat(buffer.capture().truncated()).isFalse();
  }

  @Test
  void gigabytesCostNoMoreThanTheBound() {
    OutputBuffer real = new OutputBuffer();
    byte[] piece = new byte[1 << 20];
    for (int i = 0; i < 3000; i++) {
      real.append(Stream.STDOUT, piece, piece.length);
    }

    assertThat(real.capture().combined()).hasSize(OutputBuffer.KEPT_BYTES);
    assertThat(real.totalBytes()).isEqualTo(3000L << 20);
  }

  private void append(Stream stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    buffer.append(stream, bytes, bytes.length);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
