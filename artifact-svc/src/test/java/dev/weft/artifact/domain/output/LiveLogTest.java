package dev.weft.artifact.domain.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveLogTest {

  private static final int KB = 1 << 10;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final OutputRules RULES =
      new OutputRules(64 * KB, 256 * KB, 32 * KB, Duration.ofSeconds(30), 10_000 * KB);

  private final LiveLog log = new LiveLog(RULES, 1, 0, 0);

  @Test
  void duplicatesAreDroppedByNumber() {
    log.append(Chunks.chunks(1, 5), 0);

    log.append(Chunks.chunks(3, 7), 0);

    assertThat(log.received()).isEqualTo(7);
    assertThat(numbers(log.read(0))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void aNumberLeftOutIsRefusedAndNothingOfTheFrameTaken() {
    log.append(Chunks.chunks(1, 2), 0);
    List<Chunk> holed = List.of(Chunks.chunk(3), Chunks.chunk(5));

    assertThatThrownBy(() -> log.append(holed, 0))
        .isInstanceOf(NumberLeftOut.class)
        .hasMessage("number: 5 (expected: 4)");
    assertThat(log.received()).isEqualTo(2);
  }

  @Test
  void aFullLogRefuses() {
    LiveLog small =
        new LiveLog(new OutputRules(0, 64 * KB, KB, Duration.ofSeconds(1), 100), 1, 0, 0);
    small.append(Chunks.chunks(1, 1, 100), 0);

    assertThatThrownBy(() -> small.append(Chunks.chunks(2, 2, 1), 0))
        .isInstanceOf(LogFull.class)
        .hasMessage("log: over 100 bytes (expected: at most that)");
  }

  @Test
  void aSegmentIsDueAtItsSize() {
    log.append(Chunks.chunks(1, 31, KB), 0);
    assertThat(log.cut(0, false)).isEmpty();

    log.append(Chunks.chunks(32, 32, KB), 0);

    Segment segment = log.cut(0, false).orElseThrow();
    assertThat(segment.first()).isEqualTo(1);
    assertThat(segment.last()).isEqualTo(32);
    assertThat(segment.bytes()).isEqualTo(32 * KB);
  }

  @Test
  void aSegmentIsDueAfterSilence() {
    log.append(Chunks.chunks(1, 1), 0);
    assertThat(log.cut(30 * SECOND - 1, false)).isEmpty();

    assertThat(log.cut(30 * SECOND, false)).isPresent();
  }

  @Test
  void aTrickleThatIsNeverSilentIsSealedInTheEnd() {
    for (int i = 1; i <= 30; i++) {
      log.append(Chunks.chunks(i, i), i * 10 * SECOND);
      assertThat(log.cut(i * 10 * SECOND, false)).isEmpty();
    }

    assertThat(log.cut(310 * SECOND, false)).isPresent();
  }

  @Test
  void aSegmentIsDueAtTheEndAndWhenSomebodyWaitsForRoom() {
    log.append(Chunks.chunks(1, 1), 0);
    assertThat(log.cut(0, false)).isEmpty();
    Segment pressed = log.cut(0, true).orElseThrow();
    log.sealed(1, pressed);
    log.append(Chunks.chunks(2, 2), 0);

    log.end();

    assertThat(log.cut(0, false).orElseThrow().first()).isEqualTo(2);
  }

  @Test
  void oneSegmentAtATimeIsUnderWayAndTheSameAfterAFailure() {
    log.append(Chunks.chunks(1, 3), 0);
    Segment first = log.cut(0, true).orElseThrow();
    log.append(Chunks.chunks(4, 6), 0);
    assertThat(log.cut(0, true)).isEmpty();

    log.notSealed(1);

    assertThat(log.cut(0, true)).contains(first);
    log.sealed(1, first);
    assertThat(log.sealed()).isEqualTo(3);
    assertThat(log.cut(0, true).orElseThrow().first()).isEqualTo(4);
  }

  @Test
  void anEarlierEpochsSegmentSaysNothing() {
    log.append(Chunks.chunks(1, 3), 0);
    Segment segment = log.cut(0, true).orElseThrow();
    log.takeUp(2, 0, 0, 1, 0);

    log.sealed(1, segment);

    assertThat(log.sealed()).isZero();
    assertThat(log.cut(0, true)).isPresent();
  }

  @Test
  void whatIsNotSealedIsNeverEvicted() {
    log.append(Chunks.chunks(1, 200, KB), 0);
    assertThat(numbers(log.read(0))).startsWith(1L);
    Segment segment = log.cut(0, false).orElseThrow();

    log.sealed(1, segment);

    assertThat(log.cost()).isLessThanOrEqualTo(64 * KB);
    assertThat(log.read(0)).isEqualTo(new Reading.Behind(200));
    assertThat(numbers(log.read(150))).startsWith(151L);
  }

  @Test
  void tinyChunksCostWhatTheyTakeInMemory() {
    log.append(Chunks.chunks(1, 1_500, 1), 0);

    assertThat(log.unsealedCost()).isEqualTo(1_500 * 129);
    assertThat(log.hasRoom(256 * KB)).isFalse();
  }

  @Test
  void aBatchIsBounded() {
    log.append(Chunks.chunks(1, 200, KB), 0);

    assertThat(numbers(log.read(10))).hasSize(64 * KB / (KB + Entry.OVERHEAD)).startsWith(11L);
  }

  @Test
  void whatTheWriterNoLongerHasIsAGap() {
    LiveLog taken = new LiveLog(RULES, 3, 10, 100);

    taken.takeUp(3, 10, 100, 15, 0);
    taken.append(Chunks.chunks(15, 16), 0);

    Reading.Entries found = (Reading.Entries) taken.read(10);
    assertThat(found.entries().getFirst()).isEqualTo(new Gap(11, 14, GapReason.LOG_GAP));
    assertThat(found.entries().get(1).first()).isEqualTo(15);
    assertThat(taken.cut(0, true).orElseThrow().first()).isEqualTo(11);
  }

  @Test
  void aWriterThatComesBackSendsAgainWhatIsNotSealed() {
    log.append(Chunks.chunks(1, 6), 0);
    log.end();

    log.takeUp(2, 3, 48, 4, 0);
    log.append(Chunks.chunks(4, 8), 0);

    assertThat(log.state()).isInstanceOf(LogState.Open.class);
    assertThat(log.received()).isEqualTo(8);
    assertThat(log.unsealedCost()).isEqualTo(5L * (16 + Entry.OVERHEAD));
  }

  @Test
  void theEndIsReadOnlyWhenItIsDurable() {
    log.append(Chunks.chunks(1, 2), 0);
    log.end();
    assertThat(log.isDrained()).isFalse();
    log.sealed(1, log.cut(0, false).orElseThrow());
    assertThat(log.isDrained()).isTrue();
    assertThat(log.read(2)).isEqualTo(new Reading.CaughtUp());

    log.closed(1);

    assertThat(log.read(2)).isEqualTo(new Reading.AtEnd(new LogEnd(2, 32)));
    assertThat(numbers(log.read(1))).containsExactly(2L);
  }

  @Test
  void afterTheEndNothingIsTaken() {
    log.append(Chunks.chunks(1, 2), 0);
    log.end();

    log.append(Chunks.chunks(3, 4), 0);

    assertThat(log.received()).isEqualTo(2);
  }

  @Test
  void aLogTakenOverCutsNothingAndSendsItsReadersAway() {
    log.append(Chunks.chunks(1, 2), 0);

    log.takenOver();

    assertThat(log.cut(100 * SECOND, true)).isEmpty();
    assertThat(log.read(0)).isEqualTo(new Reading.Moved());
  }

  private static List<Long> numbers(Reading reading) {
    return ((Reading.Entries) reading).entries().stream().map(Entry::first).toList();
  }
}
