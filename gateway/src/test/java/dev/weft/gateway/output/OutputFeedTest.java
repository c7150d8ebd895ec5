package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputFeedTest {

  private final FakeOrigin origin = new FakeOrigin();
  private int ended;
  private int left;
  private int readers = 1;
  private final OutputFeed feed =
      new OutputFeed(
          origin,
          OutputCursor.START,
          MemoryShare.ofReaders(() -> readers),
          new OutputRings(),
          _ -> ended++);

  @Test
  void manyFollowOneStream() {
    origin.open(1);
    List<Reading> all = IntStream.range(0, 50).mapToObj(_ -> follow(OutputCursor.START)).toList();
    IntStream.range(0, 20).forEach(_ -> origin.write(1, 10_000));
    origin.settle();
    origin.close(1);
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    origin.settle();

    assertThat(all).allMatch(reading -> reading.steps.size() == 20 && reading.done);
    assertThat(origin.tails).hasSize(1);
    assertThat(ended).isEqualTo(1);
    assertThat(left).isEqualTo(50);
  }

  @Test
  void aCrowdTakesLessAtOnce() {
    origin.open(1);
    Reading reading = follow(OutputCursor.START);
    reading.eager = false;
    IntStream.range(0, 15).forEach(_ -> writeAndSettle(60_000));
    int before = reading.batches.size();

    readers = 1;
    reading.wake();
    origin.settle();
    int few =
        reading.batches.subList(before, reading.batches.size()).stream()
            .mapToInt(bytes -> bytes)
            .max()
            .orElseThrow();

    assertThat(few).isGreaterThan(200_000);
    readers = 1_000;
    Reading late = follow(OutputCursor.START);
    origin.settle();
    assertThat(late.cursors()).isEqualTo(reading.cursors());
    assertThat(late.batches).allMatch(bytes -> bytes <= 2 * MemoryShare.CHUNK_BYTES);
  }

  @Test
  void whoComesLateReadsWhatIsGoneByHimself() {
    origin.open(1);
    Reading first = follow(OutputCursor.START);
    IntStream.range(0, 50).forEach(_ -> writeAndSettle(60_000));
    assertThat(first.steps).hasSize(50);

    Reading late = follow(OutputCursor.START);
    writeAndSettle(10);

    assertThat(late.cursors()).isEqualTo(first.cursors()).hasSize(51);
    assertThat(origin.open()).as("caught up").isEqualTo(1);
  }

  @Test
  void whoComesBackWithinTheRingNeedsNoStream() {
    origin.open(1);
    Reading first = follow(OutputCursor.START);
    IntStream.range(0, 50).forEach(_ -> writeAndSettle(60_000));

    Reading back = follow(new OutputCursor(1, 45));

    assertThat(back.cursors()).containsExactly("1.46", "1.47", "1.48", "1.49", "1.50");
    assertThat(origin.tails).hasSize(1);
    assertThat(first.done).isFalse();
  }

  @Test
  void whoIsSlowHoldsNobodyAndMissesNothing() {
    origin.open(1);
    Reading fast = follow(OutputCursor.START);
    Reading slow = follow(OutputCursor.START);
    slow.eager = false;
    IntStream.range(0, 100).forEach(_ -> writeAndSettle(60_000));
    assertThat(fast.steps).hasSize(100);
    assertThat(slow.steps.size()).isLessThan(3);

    slow.wake();
    origin.settle();
    origin.close(1);
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    origin.settle();

    assertThat(slow.cursors()).isEqualTo(fast.cursors());
    assertThat(slow.done).isTrue();
  }

  @Test
  void whoIsAheadOfASlowFeedGoesOnThere() {
    origin.open(1);
    Reading slow = follow(OutputCursor.START);
    slow.eager = false;
    IntStream.range(0, 30).forEach(_ -> writeAndSettle(60_000));

    Reading ahead = follow(new OutputCursor(1, 28));
    origin.settle();

    assertThat(ahead.cursors()).containsExactly("1.29", "1.30");
    writeAndSettle(5);
    assertThat(ahead.cursors()).endsWith("1.31");
  }

  @Test
  void nobodyWhoReadsCostsNoStream() {
    origin.open(1);
    Reading slow = follow(OutputCursor.START);
    slow.eager = false;
    IntStream.range(0, 50).forEach(_ -> writeAndSettle(60_000));

    origin.pass(Duration.ofSeconds(10));

    assertThat(origin.open()).isZero();
    slow.wake();
    origin.settle();
    assertThat(slow.steps).hasSize(50);
  }

  @Test
  void theLastOneClosesTheDoor() {
    origin.open(1);
    Reading one = follow(OutputCursor.START);
    Reading two = follow(OutputCursor.START);

    one.stream.cancel();
    assertThat(origin.open()).isEqualTo(1);
    two.stream.cancel();
    two.stream.cancel();
    feed.close();

    assertThat(left).isEqualTo(2);
    assertThat(origin.open()).isZero();
    assertThat(origin.watched()).isZero();
  }

  @Test
  void aFailureIsEverybodys() {
    origin.open(1);
    Reading one = follow(OutputCursor.START);
    Reading two = follow(OutputCursor.START);

    origin.failWatches(new IllegalStateException("gone"));
    origin.settle();

    assertThat(one.failure).isPresent();
    assertThat(two.failure).isPresent();
    assertThat(left).isEqualTo(2);
  }

  private void writeAndSettle(int bytes) {
    origin.write(1, bytes);
    origin.settle();
  }

  private Reading follow(OutputCursor after) {
    Reading reading = new Reading();
    reading.eager = false;
    reading.stream = feed.join(after, reading, () -> left++);
    reading.eager = true;
    if (!reading.steps.isEmpty()) {
      reading.stream.request();
    }
    origin.settle();
    return reading;
  }
}
