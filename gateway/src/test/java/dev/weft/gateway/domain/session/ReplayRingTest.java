package dev.weft.gateway.domain.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.session.Step.Gap;
import dev.weft.gateway.domain.session.Step.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayRingTest {

  private static final SealedState EMPTY = new SealedState(Place.START, Place.START, 0);

  private final ReplayRing<String> ring = new ReplayRing<>(5);

  @Test
  void framesComeInTheirOrderAfterThePlaceThatIsNamed() {
    fill(1, 1, 3);
    assertThat(ring.after(place(1, 1))).contains(next(1, 2));
    assertThat(ring.after(place(1, 3))).isEmpty();
    assertThat(ring.oldest(Optional.empty())).contains(place(1, 0));
  }

  @Test
  void whatIsNotSealedStaysHoweverMuchItIs() {
    fill(1, 1, 8);
    ring.shrink(0);
    assertThat(ring.bytes()).isEqualTo(8);
    assertThat(ring.isFull()).isTrue();
    assertThat(ring.lackedBy(Place.START)).isEmpty();
  }

  @Test
  void whatIsSealedGoesForWhatIsNewer() {
    fill(1, 1, 8);
    ring.sealed(place(1, 6));
    assertThat(ring.isFull()).isFalse();
    assertThat(ring.unsealedBytes()).isEqualTo(2);
    assertThat(ring.bytes()).isEqualTo(5);
    assertThat(ring.lackedBy(place(1, 2))).contains(place(1, 3));
    assertThat(ring.after(place(1, 3))).contains(next(1, 4));
    ring.shrink(0);
    assertThat(ring.bytes()).isEqualTo(2);
  }

  @Test
  void whatIsToBeSealedIsOfOneBodyAndInARow() {
    fill(1, 1, 3);
    fill(2, 1, 2);
    assertThat(ring.unsealed(2))
        .extracting(KeptFrame::place)
        .containsExactly(place(1, 1), place(1, 2));
    ring.sealed(place(1, 2));
    assertThat(ring.unsealed(9)).extracting(KeptFrame::place).containsExactly(place(1, 3));
    ring.sealed(place(1, 3));
    assertThat(ring.unsealed(9))
        .extracting(KeptFrame::place)
        .containsExactly(place(2, 1), place(2, 2));
  }

  @Test
  void whatMayBeLostBeforeAFrameIsLookedForUnlessTheReaderHasIt() {
    fill(1, 1, 2);
    ring.add(place(1, 6), "x", 1, true);
    assertThat(ring.lackedBy(place(1, 2))).contains(place(1, 5));
    assertThat(ring.lackedBy(place(1, 5))).isEmpty();
    assertThat(ring.after(place(1, 5))).contains(next(1, 6, "x"));
  }

  @Test
  void theNextBodysFramesFollowTheLastOnes() {
    fill(1, 1, 2);
    fill(2, 1, 1);
    assertThat(ring.after(place(1, 2))).contains(next(2, 1));
  }

  @Test
  void nothingIsAddedBehindWhatIsThere() {
    fill(2, 1, 1);
    assertThatThrownBy(() -> ring.add(place(1, 9), "x", 1, false))
        .hasMessage("place: 1.9 (expected: after 2.1)");
  }

  @Test
  void whatLiesBeforeTheFirstFrameIsTheLogs() {
    fill(1, 5, 6);
    assertThat(ring.lackedBy(place(1, 3))).contains(place(1, 4));
    assertThatThrownBy(() -> ring.after(place(1, 3)))
        .hasMessageContaining("where the ring goes on");
  }

  @Test
  void anEmptyRingsReadersBeginInTheLog() {
    assertThat(ring.oldest(Optional.empty())).isEmpty();
    ring.found(new SealedState(place(3, 7), Place.START, 3));
    assertThat(ring.lackedBy(place(3, 6))).contains(place(3, 7));
    assertThat(ring.oldest(Optional.of(place(2, 9)))).contains(place(2, 9));
  }

  @Test
  void aFirstFrameThatFollowsWhatIsSealedComesAfterNoLoss() {
    fill(1, 5, 5);
    assertThat(ring.unsealed(9).getFirst().afterLoss()).isTrue();
    ring.found(new SealedState(place(1, 4), Place.START, 0));
    assertThat(ring.unsealed(9).getFirst().afterLoss()).isFalse();
  }

  @Test
  void soDoesTheFirstOneAfterABodyThatHasEnded() {
    ring.found(new SealedState(place(1, 4), Place.START, 1));
    fill(2, 1, 1);
    assertThat(ring.unsealed(9).getFirst().afterLoss()).isFalse();
  }

  @Test
  void theFirstOneAfterABodyOfWhichMoreMayHaveComeDoesNot() {
    ring.found(new SealedState(place(1, 4), Place.START, 0));
    fill(2, 1, 1);
    assertThat(ring.unsealed(9).getFirst().afterLoss()).isTrue();
  }

  @Test
  void whatABodySendsAgainIsSealedAlready() {
    ring.found(new SealedState(place(1, 4), Place.START, 0));
    fill(1, 1, 6);
    assertThat(ring.unsealed(9))
        .extracting(KeptFrame::place)
        .containsExactly(place(1, 5), place(1, 6));
    assertThat(ring.unsealedBytes()).isEqualTo(2);
  }

  @Test
  void whatTheLogHasDroppedIsToldAndWhatNobodyHas() {
    SealedState state = new SealedState(place(1, 9), place(1, 3), 0);
    SealedPage<String> page =
        new SealedPage<>(
            List.of(
                new KeptFrame<>(place(1, 4), "1.4", false),
                new KeptFrame<>(place(1, 9), "1.9", true)),
            state,
            Optional.empty());
    assertThat(page.steps(Place.START, place(1, 9)))
        .containsExactly(
            new Gap<>(Place.START, Optional.of(place(1, 4)), GapReason.EVICTED, place(1, 3)),
            next(1, 4),
            new Gap<>(place(1, 4), Optional.of(place(1, 9)), GapReason.HOME_LOST, place(1, 8)),
            next(1, 9));
  }

  @Test
  void whatIsDamagedIsToldAsGone() {
    SealedPage<String> page = new SealedPage<>(List.of(), EMPTY, Optional.of(place(1, 7)));
    assertThat(page.steps(place(1, 2), place(1, 9)))
        .containsExactly(
            new Gap<>(place(1, 2), Optional.of(place(1, 8)), GapReason.EVICTED, place(1, 7)));
  }

  @Test
  void whereTheLogEndsBeforeTheRingBeginsNobodyHasWhatIsBetween() {
    SealedPage<String> page = new SealedPage<>(List.of(), EMPTY, Optional.empty());
    assertThat(page.end(place(1, 2), place(1, 4))).isEqualTo(place(1, 2));
    assertThat(page.steps(place(1, 2), place(1, 4)))
        .containsExactly(
            new Gap<>(place(1, 2), Optional.of(place(1, 5)), GapReason.HOME_LOST, place(1, 4)));
  }

  @Test
  void nothingIsMissingBetweenABodyThatEndedAndTheNext() {
    SealedPage<String> page =
        new SealedPage<>(List.of(), new SealedState(place(1, 2), Place.START, 1), Optional.empty());
    assertThat(page.end(place(1, 2), place(2, 0))).isEqualTo(place(2, 0));
    assertThat(page.end(place(1, 2), place(2, 5))).isEqualTo(place(1, 2));
  }

  /** INVARIANT: every frame once and in order, from log and ring together; a gap only of a loss. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyFrameIsReadOnceOrNobodyHasIt(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      World world = new World(1 + random.nextInt(20));
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(12)) {
          case 0 -> world.nextBody();
          case 1 -> world.ring.shrink(random.nextInt(5));
          case 2 -> world.seal(1 + random.nextInt(6));
          case 3, 4 -> world.read(1 + random.nextInt(4));
          case 5 -> world.newHome(random.nextInt(6));
          case 6 -> world.lose(1 + random.nextInt(3));
          default -> world.write();
        }
      }
      world.read(Integer.MAX_VALUE);
      assertThat(world.seen).containsAll(world.kept());
      assertThat(world.made).containsAll(world.seen);
    }
  }

  /** One session with its log; fails by itself when a frame comes twice or out of order. */
  private static final class World {

    private final int bound;
    private ReplayRing<Place> ring;
    private final TreeMap<Place, KeptFrame<Place>> log = new TreeMap<>();
    private final TreeSet<Place> made = new TreeSet<>();
    private final TreeSet<Place> lost = new TreeSet<>();
    private final TreeSet<Place> seen = new TreeSet<>();
    private Place last = place(1, 0);
    private Place at = Place.START;
    private boolean loss;
    private int ended;

    World(int bound) {
      this.bound = bound;
      this.ring = new ReplayRing<>(bound);
      ring.found(EMPTY);
    }

    NavigableSet<Place> kept() {
      TreeSet<Place> kept = new TreeSet<>(made);
      kept.removeAll(lost);
      return kept;
    }

    void write() {
      last = last.next();
      made.add(last);
      ring.add(last, last, 1, loss);
      loss = false;
    }

    void lose(int count) {
      for (int i = 0; i < count; i++) {
        last = last.next();
        made.add(last);
        lost.add(last);
      }
      loss = true;
    }

    void nextBody() {
      if (ring.unsealedBytes() == 0 && !loss) {
        ended = last.body();
        last = place(last.body() + 1, 0);
      }
    }

    void seal(int most) {
      List<KeptFrame<Place>> cut = ring.unsealed(most);
      for (KeptFrame<Place> frame : cut) {
        log.put(frame.place(), frame);
      }
      if (!cut.isEmpty()) {
        ring.sealed(cut.getLast().place());
      }
    }

    /** The body sends again what it has kept: all that is not sealed, and some before it. */
    void newHome(int more) {
      List<Place> unsealed = ring.unsealed(Long.MAX_VALUE).stream().map(KeptFrame::place).toList();
      if (loss || (!unsealed.isEmpty() && unsealed.getLast().isBefore(last))) {
        return;
      }
      List<Place> again = new ArrayList<>(unsealed);
      if (ring.unsealed(Long.MAX_VALUE).isEmpty()) {
        again =
            new ArrayList<>(
                log.descendingKeySet().stream()
                    .filter(place -> place.body() == last.body())
                    .limit(more)
                    .sorted()
                    .toList());
      }
      if (lost.stream().anyMatch(again::contains) || hasHole(again)) {
        return;
      }
      ring = new ReplayRing<>(bound);
      Place sealed = log.isEmpty() ? Place.START : log.lastKey();
      ring.found(new SealedState(sealed, Place.START, ended));
      again.forEach(place -> ring.add(place, place, 1, false));
    }

    private static boolean hasHole(List<Place> places) {
      for (int i = 1; i < places.size(); i++) {
        if (!places.get(i).before().equals(places.get(i - 1))) {
          return true;
        }
      }
      return false;
    }

    void read(int most) {
      int left = most;
      while (left > 0) {
        Optional<Place> lacked = ring.lackedBy(at);
        List<Step<Place>> steps = new ArrayList<>();
        lacked.ifPresentOrElse(
            place -> steps.addAll(page(place)), () -> ring.after(at).ifPresent(steps::add));
        if (lacked.isEmpty() && steps.isEmpty()) {
          return;
        }
        steps.forEach(this::take);
        left -= steps.size();
      }
    }

    private List<Step<Place>> page(Place lacked) {
      Place sealed = log.isEmpty() ? Place.START : log.lastKey();
      SealedPage<Place> page =
          new SealedPage<>(
              log.tailMap(at, false).values().stream().limit(3).toList(),
              new SealedState(sealed, Place.START, ended),
              Optional.empty());
      at = page.end(at, lacked);
      return page.steps(at, lacked);
    }

    private void take(Step<Place> step) {
      switch (step) {
        case Next<Place>(Place place, Place frame) -> {
          assertThat(frame).isEqualTo(place);
          assertThat(at.isBefore(place)).isTrue();
          assertThat(seen.add(place)).isTrue();
          at = place;
        }
        case Gap<Place> gap -> {
          assertThat(gap.after()).isEqualTo(at);
          assertThat(at.isBefore(gap.resume())).isTrue();
          assertThat(kept().subSet(at, false, gap.resume(), true)).isEmpty();
          at = gap.resume();
        }
      }
    }
  }

  private void fill(int body, long from, long to) {
    for (long number = from; number <= to; number++) {
      ring.add(place(body, number), body + "." + number, 1, false);
    }
  }

  private static Next<String> next(int body, long number) {
    return next(body, number, body + "." + number);
  }

  private static Next<String> next(int body, long number, String frame) {
    return new Next<>(place(body, number), frame);
  }

  private static Place place(int body, long number) {
    return new Place(body, number);
  }
}
