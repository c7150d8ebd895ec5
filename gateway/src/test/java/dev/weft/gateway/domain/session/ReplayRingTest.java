package dev.weft.gateway.domain.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.session.ReplayRing.Gap;
import dev.weft.gateway.domain.session.ReplayRing.Next;
import dev.weft.gateway.domain.session.ReplayRing.Step;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayRingTest {

  private final ReplayRing<String> ring = new ReplayRing<>(5);

  @Test
  void framesComeInTheirOrderAfterThePlaceThatIsNamed() {
    fill(1, 1, 3);
    assertThat(ring.after(place(1, 1), Place.START)).contains(next(1, 2));
    assertThat(ring.after(place(1, 3), Place.START)).isEmpty();
    assertThat(ring.oldest()).isEqualTo(place(1, 0));
  }

  @Test
  void whatWasEvictedBeforeTheReaderCameIsAGapAndSoIsWhatItReadTooSlowly() {
    fill(1, 1, 8);
    assertThat(ring.evictedThrough()).isEqualTo(place(1, 3));
    assertThat(ring.after(place(1, 1), ring.evictedThrough()))
        .contains(new Gap<>(place(1, 1), Optional.of(place(1, 4)), GapReason.EVICTED, place(1, 3)));
    assertThat(ring.after(place(1, 1), Place.START))
        .contains(
            new Gap<>(place(1, 1), Optional.of(place(1, 4)), GapReason.SLOW_READER, place(1, 3)));
    assertThat(ring.after(place(1, 3), place(1, 3))).contains(next(1, 4));
  }

  @Test
  void aGapThatNothingFollowsYetHasNoEnd() {
    fill(1, 1, 3);
    ring.shrink(0);
    assertThat(ring.after(place(1, 1), place(1, 3)))
        .contains(new Gap<>(place(1, 1), Optional.empty(), GapReason.EVICTED, place(1, 3)));
    assertThat(ring.after(place(1, 3), place(1, 3))).isEmpty();
  }

  @Test
  void whatWasLostBeforeAFrameIsAGapUnlessTheReaderHasIt() {
    ring.add(place(1, 6), "x", 1, true);
    assertThat(ring.after(place(1, 2), Place.START))
        .contains(
            new Gap<>(place(1, 2), Optional.of(place(1, 6)), GapReason.HOME_LOST, place(1, 5)));
    assertThat(ring.after(place(1, 5), Place.START)).contains(next(1, 6, "x"));
  }

  @Test
  void theNextBodysFramesFollowTheLastOnes() {
    fill(1, 1, 2);
    fill(2, 1, 1);
    assertThat(ring.after(place(1, 2), Place.START)).contains(next(2, 1));
  }

  @Test
  void nothingIsAddedBehindWhatIsThere() {
    fill(2, 1, 1);
    assertThatThrownBy(() -> ring.add(place(1, 9), "x", 1, false))
        .hasMessage("place: 1.9 (expected: after 2.1)");
  }

  @Test
  void theNewestFrameStaysHoweverLargeItIs() {
    fill(1, 1, 3);
    ring.add(place(1, 4), "large", 99, false);
    assertThat(ring.after(place(1, 3), place(1, 3))).contains(next(1, 4, "large"));
    assertThat(ring.bytes()).isEqualTo(99);
  }

  /** INVARIANT: what a reader is told, frames and gaps, covers every place once and in order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyFrameIsToldOnceOrIsWithinAGap(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      ReplayRing<Place> kept = new ReplayRing<>(1 + random.nextInt(20));
      TreeSet<Place> made = new TreeSet<>();
      Reader reader = new Reader(kept);
      Place last = place(1, 0);
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(12)) {
          case 0 -> last = place(last.body() + 1, 0);
          case 1 -> kept.shrink(random.nextInt(5));
          case 2 -> reader.comeBack();
          case 3, 4, 5 -> reader.read(1 + random.nextInt(4));
          case 6 -> {
            int lost = 1 + random.nextInt(3);
            for (int i = 0; i < lost; i++) {
              last = last.next();
              made.add(last);
            }
            last = last.next();
            made.add(last);
            kept.add(last, last, 1, true);
          }
          default -> {
            last = last.next();
            made.add(last);
            kept.add(last, last, 1, false);
          }
        }
      }
      reader.read(Integer.MAX_VALUE);
      assertThat(reader.covered).containsAll(made);
      assertThat(made).containsAll(reader.seen);
    }
  }

  /** Fails by itself when a frame comes twice, or out of order, or where a gap was told. */
  private static final class Reader {

    private final ReplayRing<Place> ring;
    private final TreeSet<Place> covered = new TreeSet<>();
    private Place at = Place.START;
    private Place goneBefore = Place.START;
    private final TreeSet<Place> seen = new TreeSet<>();

    Reader(ReplayRing<Place> ring) {
      this.ring = ring;
    }

    void comeBack() {
      goneBefore = ring.evictedThrough();
    }

    void read(int most) {
      for (int i = 0; i < most; i++) {
        Optional<Step<Place>> step = ring.after(at, goneBefore);
        if (step.isEmpty()) {
          return;
        }
        switch (step.get()) {
          case Next<Place>(Place place, Place frame) -> {
            assertThat(frame).isEqualTo(place);
            assertThat(at.isBefore(place)).isTrue();
            assertThat(seen.add(place)).isTrue();
            covered.add(place);
            at = place;
          }
          case Gap<Place> gap -> {
            assertThat(gap.after()).isEqualTo(at);
            assertThat(at.isBefore(gap.resume())).isTrue();
            gap.until().ifPresent(until -> assertThat(gap.resume().isBefore(until)).isTrue());
            cover(gap.resume());
            at = gap.resume();
          }
        }
      }
    }

    /** Everything between is told as missing: more than there was is no harm. */
    private void cover(Place resume) {
      for (int body = Math.max(1, at.body()); body <= resume.body(); body++) {
        long from = body == at.body() ? at.number() + 1 : 1;
        long to = body == resume.body() ? resume.number() : 500;
        for (long number = from; number <= to; number++) {
          covered.add(new Place(body, number));
        }
      }
    }
  }

  private void fill(int body, long from, long to) {
    for (long number = from; number <= to; number++) {
      ring.add(place(body, number), body + "." + number, 1, false);
    }
  }

  private static Step<String> next(int body, long number) {
    return next(body, number, body + "." + number);
  }

  private static Step<String> next(int body, long number, String frame) {
    return new Next<>(place(body, number), frame);
  }

  private static Place place(int body, long number) {
    return new Place(body, number);
  }
}
