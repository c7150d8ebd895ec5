package dev.weft.worker.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameOutboxTest {

  private static final int BOUND = 100_000;
  private final FrameOutbox outbox = new FrameOutbox(BOUND);

  private static TerminalOutput output(int bytes) {
    return new TerminalOutput(new byte[bytes]);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      outbox.add(Instant.EPOCH, output(10));
    }
  }

  private List<Long> after(long number) {
    return outbox.after(number, 1 << 20).stream().map(SessionFrame::number).toList();
  }

  @Test
  void numbersBeginWith1AndHaveNoGaps() {
    add(4);

    assertThat(after(0)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(outbox.last()).isEqualTo(4);
    assertThat(outbox.oldest()).isOne();
  }

  @Test
  void whatIsAcknowledgedWaitsNoMoreAndIsStillThereForAnotherHome() {
    add(4);
    long full = outbox.bytes();
    outbox.acknowledged(3);

    assertThat(outbox.bytes()).isEqualTo(full / 4);
    assertThat(after(0)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(outbox.oldest()).isOne();

    outbox.acknowledged(3);
    outbox.acknowledged(1);
    assertThat(outbox.bytes()).isEqualTo(full / 4);
  }

  @Test
  void whatIsAcknowledgedMakesRoomFromTheOldestOn() {
    for (int i = 0; i < 3; i++) {
      outbox.add(Instant.EPOCH, output(30_000));
    }
    outbox.acknowledged(2);

    outbox.add(Instant.EPOCH, output(30_000));

    assertThat(after(0)).containsExactly(2L, 3L, 4L);
    assertThat(outbox.oldest()).isEqualTo(2);
    outbox.add(Instant.EPOCH, output(30_000));
    assertThat(after(0)).containsExactly(3L, 4L, 5L);
    assertThat(outbox.takes(output(30_000))).as("what waits never goes").isFalse();
  }

  @Test
  void anAcknowledgementOfWhatWasNeverMadeCountsForNoLaterFrame() {
    add(1);
    outbox.acknowledged(100);
    add(1);

    assertThat(outbox.isEmpty()).isFalse();
    outbox.acknowledged(2);
    assertThat(outbox.isEmpty()).isTrue();
    assertThat(outbox.bytes()).isZero();
  }

  @Test
  void theOldestOfARingWithoutFramesIsTheNextToBeMade() {
    assertThat(outbox.oldest()).isOne();
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void itNeverGrowsOverItsBound() {
    while (outbox.takes(output(1000))) {
      outbox.add(Instant.EPOCH, output(1000));
    }
    while (outbox.takes(new CommandStarted("c"))) {
      outbox.add(Instant.EPOCH, new CommandStarted("c"));
    }

    assertThat(outbox.bytes()).isLessThanOrEqualTo(BOUND);
    assertThatThrownBy(() -> outbox.add(Instant.EPOCH, output(1000)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outputLeavesRoomForHowThingsStand() {
    while (outbox.takes(output(1000))) {
      outbox.add(Instant.EPOCH, output(1000));
    }

    assertThat(outbox.takes(output(1000))).isFalse();
    assertThat(outbox.takes(new CommandStarted("c"))).isTrue();
  }

  @Test
  void halfOfItsRoomTakenByWhatWaitsIsACrowd() {
    while (outbox.bytes() < BOUND / 2) {
      assertThat(outbox.isCrowded()).isFalse();
      outbox.add(Instant.EPOCH, output(1000));
    }
    assertThat(outbox.isCrowded()).isTrue();

    outbox.acknowledged(outbox.last());

    assertThat(outbox.isCrowded()).isFalse();
  }

  @Test
  void aBatchIsNotLargerThanAskedForButNeverEmpty() {
    outbox.add(Instant.EPOCH, output(30_000));
    add(3);

    assertThat(outbox.after(0, 1)).hasSize(1);
    assertThat(outbox.after(1, 300)).hasSize(2);
    assertThat(outbox.after(4, 300)).isEmpty();
  }
}
