package dev.weft.gateway.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever followers do, who stays has every step after his cursor, once and in order. */
class OutputFeedRandomTest {

  private static final int SEEDS = 60;
  private static final int MOVES = 300;

  @ParameterizedTest
  @ValueSource(ints = {0, 100, 1_000})
  void whoStaysHasEveryStepInOrder(int otherRings) {
    for (int seed = 0; seed < SEEDS; seed++) {
      new Play(seed, otherRings).run();
    }
  }

  private record Guest(OutputCursor after, Reading reading) {}

  /** One task's life, with those who follow it. */
  private static final class Play {

    private final int seed;
    private final int otherRings;
    private final Random random;
    private final FakeOrigin origin = new FakeOrigin();
    private final OutputRings rings = new OutputRings();
    private final OutputFeed feed;
    private final List<OutputCursor> written = new ArrayList<>();
    private final List<Guest> guests = new ArrayList<>();
    private final int stepBytes;
    private int attempt = 1;
    private int joined;
    private int left;

    Play(int seed, int otherRings) {
      this.seed = seed;
      this.otherRings = otherRings;
      this.random = new Random(seed);
      this.stepBytes = 1 + random.nextInt(65_000);
      for (int i = 0; i < otherRings; i++) {
        rings.opened();
      }
      origin.open(1);
      write(random.nextInt(100));
      OutputCursor start = somewhere();
      this.feed =
          new OutputFeed(origin, start, MemoryShare.ofReaders(() -> joined - left), rings, _ -> {});
      join(start);
    }

    void run() {
      for (int i = 0; i < MOVES; i++) {
        move();
        assertThat(origin.open()).as("seed %d", seed).isLessThanOrEqualTo(9);
      }
      origin.close(attempt);
      origin.change(TaskState.TASK_STATE_SUCCEEDED, attempt);
      guests.forEach(guest -> guest.reading().wake());
      origin.pass(Duration.ofMinutes(1));

      for (Guest guest : guests) {
        assertThat(guest.reading().cursors()).as("seed %d", seed).isEqualTo(after(guest.after()));
        assertThat(guest.reading().done).as("seed %d", seed).isTrue();
      }
      assertThat(left).isEqualTo(joined);
      feed.close();
      origin.settle();
      assertThat(origin.open()).isZero();
      assertThat(origin.watched()).isZero();
      assertThat(rings.open()).isEqualTo(otherRings);
    }

    private void move() {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5 -> write(1 + random.nextInt(4));
        case 6, 7, 8 -> join(somewhere());
        case 9, 10, 11 -> anybody(guest -> guest.reading().eager = false);
        case 12, 13, 14 -> anybody(guest -> guest.reading().wake());
        case 15 -> anybody(guest -> guest.reading().stream.request());
        case 16 -> anybody(this::cancel);
        case 17 -> origin.settle();
        case 18 -> origin.pass(Duration.ofMillis(random.nextInt(3_000)));
        default -> rarely(this::nextAttempt);
      }
    }

    private void rarely(Runnable move) {
      if (random.nextInt(5) == 0) {
        move.run();
      }
    }

    private void write(int steps) {
      for (int i = 0; i < steps; i++) {
        origin.write(attempt, stepBytes);
        written.add(new OutputCursor(attempt, origin.written(attempt)));
      }
    }

    private void nextAttempt() {
      origin.close(attempt);
      origin.change(TaskState.TASK_STATE_QUEUED, attempt);
      attempt++;
      origin.open(attempt);
      origin.change(TaskState.TASK_STATE_RUNNING, attempt);
    }

    private OutputCursor somewhere() {
      int place = random.nextInt(written.size() + 1);
      return place == 0 ? OutputCursor.START : written.get(place - 1);
    }

    private void join(OutputCursor after) {
      Reading reading = new Reading();
      reading.eager = false;
      joined++;
      reading.stream = feed.join(after, reading, () -> left++);
      guests.add(new Guest(after, reading));
      if (random.nextBoolean()) {
        reading.wake();
      }
    }

    private void cancel(Guest guest) {
      guests.remove(guest);
      guest.reading().stream.cancel();
    }

    private void anybody(Consumer<Guest> act) {
      if (!guests.isEmpty()) {
        act.accept(guests.get(random.nextInt(guests.size())));
      }
    }

    private List<String> after(OutputCursor place) {
      return written.stream().filter(place::isBefore).map(OutputCursor::toString).toList();
    }
  }
}
