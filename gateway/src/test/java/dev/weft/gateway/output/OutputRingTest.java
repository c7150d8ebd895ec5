package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.OutputChunk;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputRingTest {

  private static final int MOST = 1 << 20;

  @Test
  void tinyStepsAreCountedAsWhatTheyTakeInMemory() {
    OutputRing ring = new OutputRing(OutputCursor.START, () -> MOST);

    for (int number = 1; number <= 20_000; number++) {
      ring.add(List.of(step(number, 1)));
    }

    List<ReadOutputResponse> kept = ring.after(ring.base(), Integer.MAX_VALUE);
    assertThat(kept).hasSizeBetween(2_500, MOST / 300);
    assertThat(kept.getLast().getCursor()).isEqualTo("1.20000");
    assertThat(ring.base()).isEqualTo(new OutputCursor(1, 20_000 - kept.size()));
  }

  @Test
  void theNewestStepIsKeptHoweverLargeItIs() {
    OutputRing ring = new OutputRing(OutputCursor.START, () -> 1_000);

    ring.add(List.of(step(1, 10), step(2, 5_000)));

    assertThat(ring.after(ring.base(), 1)).containsExactly(step(2, 5_000));
  }

  @Test
  void itKeepsLessWhenItMay() {
    int[] most = {100_000};
    OutputRing ring = new OutputRing(OutputCursor.START, () -> most[0]);
    ring.add(List.of(step(1, 20_000), step(2, 20_000), step(3, 20_000)));
    assertThat(ring.base()).isEqualTo(OutputCursor.START);

    most[0] = 50_000;
    ring.add(List.of(step(4, 20_000)));

    assertThat(ring.base()).isEqualTo(new OutputCursor(1, 2));
    assertThat(ring.head()).isEqualTo(new OutputCursor(1, 4));
  }

  @Test
  void anEmptyOneBeginsWhereItEnds() {
    OutputRing ring = new OutputRing(new OutputCursor(2, 7), () -> MOST);

    assertThat(ring.head()).isEqualTo(ring.base()).isEqualTo(new OutputCursor(2, 7));
  }

  private static ReadOutputResponse step(int number, int size) {
    return ReadOutputResponse.newBuilder()
        .setChunk(OutputChunk.newBuilder().setData(ByteString.copyFrom(new byte[size])))
        .setCursor("1." + number)
        .build();
  }
}
