package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class NumberedLinesTest {

  private static final String REST = " 0123456789".repeat(5);

  private final NumberedLines lines = new NumberedLines();

  private static byte[] written(long first, long count) {
    return LongStream.range(first, first + count)
        .mapToObj(n -> "%08d%s\n".formatted(n % NumberedLines.CYCLE, REST))
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.US_ASCII);
  }

  private void piece(byte[] all, int from, int to) {
    lines.take(Arrays.copyOfRange(all, from, to));
  }

  @Test
  void linesInAnyPiecesAreThoseThatWereWrittenBeyondACycleToo() {
    byte[] all = written(0, NumberedLines.CYCLE + 10L);
    piece(all, 0, 7);
    piece(all, 7, 1_000);
    piece(all, 1_000, all.length);

    assertThat(lines.came()).isEqualTo(all.length);
    assertThat(lines.lost()).isZero();
  }

  @Test
  void aLostLineIsAFailure() {
    lines.take(written(0, 3));

    assertThatThrownBy(() -> lines.take(written(4, 1)))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("line 3");
  }

  @Test
  void aByteThatComesTwiceIsAFailure() {
    byte[] all = written(0, 2);
    piece(all, 0, 70);

    assertThatThrownBy(() -> piece(all, 69, 100)).isInstanceOf(BenchFailure.class);
  }

  @Test
  void whatAGapLostIsCountedToTheByteAndWhatFollowsIsLookedAtAgain() {
    byte[] all = written(0, 100);
    piece(all, 0, 130);
    lines.gap();
    piece(all, 700, 900);

    // The rest of the line in which the piece begins can't be told from another's, so it counts
    // as lost too.
    assertThat(lines.lost()).isEqualTo(704 - 130);
    assertThat(lines.came()).isEqualTo(130 + 900 - 704);
    assertThatThrownBy(() -> piece(all, 901, 950)).isInstanceOf(BenchFailure.class);
  }

  @Test
  void aGapOverTheEndOfACycleIsCounted() {
    byte[] all = written(NumberedLines.CYCLE - 3L, 6);
    NumberedLines far = new NumberedLines();
    far.take(written(0, NumberedLines.CYCLE - 3L));
    far.gap();
    far.take(Arrays.copyOfRange(all, 4 * NumberedLines.LINE - 1, all.length));

    assertThat(far.lost()).isEqualTo(4L * NumberedLines.LINE);
  }

  @Test
  void whatDoesNotComeUntilTheEndIsLost() {
    lines.take(written(0, 2));
    lines.end(3L * NumberedLines.LINE);

    assertThat(lines.lost()).isEqualTo(NumberedLines.LINE);
    assertThat(lines.came()).isEqualTo(2L * NumberedLines.LINE);
  }
}
