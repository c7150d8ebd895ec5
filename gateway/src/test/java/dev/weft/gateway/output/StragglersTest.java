package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.forward.OpenStream;
import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StragglersTest {

  private static final int STEP_BYTES = 60_000;
  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private final FakeOrigin origin = new FakeOrigin();
  private final OutputRings rings = new OutputRings();
  private final OutputFeed feed =
      new OutputFeed(origin, OutputCursor.START, MemoryShare.ofReaders(() -> 1), rings, _ -> {});
  private Reading first;

  /** Who is live has read 200 steps, of which the ring keeps a few. */
  @BeforeEach
  void muchHasBeenWritten() {
    origin.open(1);
    first = join(0);
    write(200);
    assertThat(first.steps).hasSize(200);
  }

  @Test
  void aThousandWhoComeLateShareOneStream() {
    List<Reading> late = IntStream.range(0, 1_000).mapToObj(_ -> join(0)).toList();
    origin.settle();
    write(3);
    finish();

    assertThat(late).allMatch(reading -> reading.done);
    assertThat(late).allMatch(reading -> reading.cursors().equals(cursors(0, 203)));
    assertThat(origin.tails.size()).isLessThanOrEqualTo(3);
    assertThat(origin.mostOpen).isEqualTo(2);
  }

  @Test
  void theLateAtManyPlacesUseFewStreamsAndAllFinish() {
    List<Reading> late = IntStream.range(0, 40).mapToObj(at -> join(4 * at)).toList();
    origin.settle();
    finish();

    for (int i = 0; i < late.size(); i++) {
      assertThat(late.get(i).cursors()).isEqualTo(cursors(4 * i, 200));
      assertThat(late.get(i).done).isTrue();
    }
    assertThat(origin.mostOpen).isEqualTo(9);
    assertThat(origin.open()).isZero();
  }

  @Test
  void whoFindsNoneWaitsForOneToEnd() {
    List<Reading> stalled = stallEverywhere();
    Reading late = join(10);
    origin.settle();
    assertThat(late.steps).isEmpty();

    stalled.getFirst().stream.cancel();
    origin.settle();

    assertThat(late.cursors()).isEqualTo(cursors(10, 200));
  }

  @Test
  void thoseWhoAskForNothingKeepNobodyWaiting() {
    List<Reading> stalled = stallEverywhere();
    Reading late = join(10);
    origin.settle();
    assertThat(late.steps).isEmpty();

    origin.pass(A_WHILE);

    assertThat(late.cursors()).isEqualTo(cursors(10, 200));
    assertThat(rings.open()).as("the live one").isEqualTo(1);
    stalled.forEach(Reading::wake);
    finish();
    for (int i = 0; i < stalled.size(); i++) {
      assertThat(stalled.get(i).cursors()).isEqualTo(cursors(20 * i, 200));
      assertThat(stalled.get(i).done).isTrue();
    }
  }

  @Test
  void whoFallsOutOfHisCohortMissesNothing() {
    Reading slow = stalled(0);
    Reading fast = join(0);
    origin.settle();
    assertThat(fast.steps).hasSize(200);
    assertThat(slow.steps.size()).isLessThan(10);

    slow.wake();
    origin.settle();

    assertThat(slow.cursors()).isEqualTo(cursors(0, 200));
    assertThat(rings.open()).isEqualTo(1);
  }

  @Test
  void aFailureBehindIsOnlyTheirsWhoReadThere() {
    Reading stalled = stalled(0);
    Reading elsewhere = stalled(100);
    Reading late = join(0);
    late.eager = false;
    IllegalStateException gone = new IllegalStateException("gone");

    origin.tails.stream()
        .filter(tail -> !tail.over && tail.after.equals(OutputCursor.START) && !tail.live)
        .forEach(tail -> tail.fail(gone));
    late.wake();
    stalled.wake();
    elsewhere.wake();
    origin.settle();

    assertThat(late.failure).contains(gone);
    assertThat(stalled.failure).contains(gone);
    assertThat(first.failure).isEmpty();
    assertThat(elsewhere.failure).isEmpty();
    assertThat(elsewhere.cursors()).isEqualTo(cursors(100, 200));
    Reading again = join(0);
    origin.settle();
    assertThat(again.cursors()).as("a new one").isEqualTo(cursors(0, 200));
  }

  @Test
  void oneWhoBreaksLeavesNobodyWithoutAWord() {
    Reading before = stalled(0);
    Reading broken = stalled(0);
    Reading after = stalled(0);
    OpenStream stream = broken.stream;
    broken.stream = null;
    broken.eager = true;

    stream.request();
    origin.settle();
    before.wake();
    after.wake();
    origin.settle();

    assertThat(List.of(before, after))
        .allMatch(reading -> reading.failure.isPresent() || reading.steps.size() == 200);
    assertThat(first.failure).isPresent();
  }

  @Test
  void aCohortThatNobodyIsInIsClosed() {
    Reading one = stalled(0);
    Reading two = stalled(0);
    assertThat(rings.open()).isEqualTo(2);

    one.stream.cancel();
    assertThat(rings.open()).isEqualTo(2);
    two.stream.cancel();

    assertThat(rings.open()).isEqualTo(1);
    assertThat(origin.open()).as("live").isEqualTo(1);
  }

  @Test
  void manyRingsKeepLessEachAndNobodyMissesAnything() {
    IntStream.range(0, 1_000).forEach(_ -> rings.opened());
    write(1);
    int before = origin.tails.size();

    Reading near = join(198);
    Reading late = join(0);
    origin.settle();

    assertThat(near.cursors()).isEqualTo(cursors(198, 201));
    assertThat(origin.tails.size()).as("the ring had one step").isGreaterThan(before + 1);
    assertThat(late.cursors()).isEqualTo(cursors(0, 201));
    assertThat(origin.tails.size()).as("batches fit").isLessThan(before + 5);
  }

  @Test
  void whereNothingLiesBetweenTheLateGoOnWithTheOthers() {
    FakeOrigin quiet = new FakeOrigin();
    quiet.open(1);
    OutputFeed ahead =
        new OutputFeed(
            quiet, new OutputCursor(2, 0), MemoryShare.ofReaders(() -> 1), rings, _ -> {});
    Reading late = new Reading();
    late.stream = ahead.join(OutputCursor.START, late, () -> {});
    quiet.settle();
    quiet.change(TaskState.TASK_STATE_RUNNING, 2);
    quiet.open(2);
    quiet.write(2, 5);
    quiet.pass(A_WHILE);

    assertThat(late.cursors()).containsExactly("2.1");
  }

  /** One in each of eight cohorts, 20 steps apart. */
  private List<Reading> stallEverywhere() {
    List<Reading> stalled = IntStream.range(0, 8).mapToObj(i -> stalled(20 * i)).toList();
    assertThat(stalled).allMatch(reading -> !reading.steps.isEmpty());
    assertThat(rings.open()).isEqualTo(9);
    return stalled;
  }

  private Reading stalled(int after) {
    Reading reading = join(after);
    reading.eager = false;
    origin.settle();
    return reading;
  }

  private Reading join(int after) {
    Reading reading = new Reading();
    reading.eager = false;
    reading.stream = feed.join(new OutputCursor(1, after), reading, () -> {});
    reading.eager = true;
    if (!reading.steps.isEmpty()) {
      reading.stream.request();
    }
    return reading;
  }

  private void write(int steps) {
    for (int i = 0; i < steps; i++) {
      origin.write(1, STEP_BYTES);
      origin.settle();
    }
  }

  private void finish() {
    origin.close(1);
    origin.change(TaskState.TASK_STATE_SUCCEEDED, 1);
    origin.settle();
  }

  private static List<String> cursors(int after, int last) {
    return IntStream.rangeClosed(after + 1, last).mapToObj(number -> "1." + number).toList();
  }
}
