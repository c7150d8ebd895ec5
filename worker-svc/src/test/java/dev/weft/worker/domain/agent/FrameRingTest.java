package dev.weft.worker.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameRingTest {

  private static final int BOUND = 100_000;
  private final FrameRing ring = new FrameRing(BOUND);

  private static TerminalOutput output(int bytes) {
    return new TerminalOutput(new byte[bytes]);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      ring.add(Instant.EPOCH, output(10));
    }
  }

  private List<Long> after(long number) {
    return ring.after(number, 1 << 20).stream().map(SessionFrame::number).toList();
  }

  @Test
  void numbersBeginWith1AndHaveNoGaps() {
    add(4);

    assertThat(after(0)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(ring.last()).isEqualTo(4);
    assertThat(ring.oldest()).isOne();
  }

  @Test
  void whatIsAcknowledgedWaitsNoMoreAndIsStillThereForAnotherHome() {
    add(4);
    long full = ring.bytes();
    ring.acknowledged(3);

    assertThat(ring.bytes()).isEqualTo(full / 4);
    assertThat(after(0)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(ring.oldest()).isOne();

    ring.acknowledged(3);
    ring.acknowledged(1);
    assertThat(ring.bytes()).isEqualTo(full / 4);
  }

  @Test
  void whatIsAcknowledgedMakesRoomFromTheOldestOn() {
    for (int i = 0; i < 3; i++) {
      ring.add(Instant.EPOCH, output(30_000));
    }
    ring.acknowledged(2);

    ring.add(Instant.EPOCH, output(30_000));

    assertThat(after(0)).containsExactly(2L, 3L, 4L);
    assertThat(ring.oldest()).isEqualTo(2);
    ring.add(Instant.EPOCH, output(30_000));
    assertThat(after(0)).containsExactly(3L, 4L, 5L);
    assertThat(ring.takes(output(30_000))).as("what waits never goes").isFalse();
  }

  @Test
  void anAcknowledgementOfWhatWasNeverMadeCountsForNoLaterFrame() {
    add(1);
    ring.acknowledged(100);
    add(1);

    assertThat(ring.isEmpty()).isFalse();
    ring.acknowledged(2);
    assertThat(ring.isEmpty()).isTrue();
    assertThat(ring.bytes()).isZero();
  }

  @Test
  void theOldestOfARingWithoutFramesIsTheNextToBeMade() {
    assertThat(ring.oldest()).isOne();
    assertThat(ring.isEmpty()).isTrue();
  }

  @Test
  void itNeverGrowsOverItsBound() {
    while (ring.takes(output(1000))) {
      ring.add(Instant.EPOCH, output(1000));
    }
    while (ring.takes(new CommandStarted("c"))) {
      ring.add(Instant.EPOCH, new CommandStarted("c"));
    }

    assertThat(ring.bytes()).isLessThanOrEqualTo(BOUND);
    assertThatThrownBy(() -> ring.add(Instant.EPOCH, output(1000)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outputLeavesRoomForHowThingsStand() {
    while (ring.takes(output(1000))) {
      ring.add(Instant.EPOCH, output(1000));
    }

    assertThat(ring.takes(output(1000))).isFalse();
    assertThat(ring.takes(new CommandStarted("c"))).isTrue();
  }

  @Test
  void aBatchIsNotLargerThanAskedForButNeverEmpty() {
    ring.add(Instant.EPOCH, output(30_000));
    add(3);

    assertThat(ring.after(0, 1)).hasSize(1);
    assertThat(ring.after(1, 300)).hasSize(2);
    assertThat(ring.after(4, 300)).isEmpty();
  }
}
