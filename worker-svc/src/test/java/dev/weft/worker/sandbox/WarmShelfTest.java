package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmShelfTest {

  private static final int SPARE = 4;
  private static final int RACERS = 200;

  private final List<Thing> made = new CopyOnWriteArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final WarmShelf<Thing> shelf = new WarmShelf<>(this::make, SPARE, later::add);

  private static final class Thing implements WarmShelf.Kept {
    private volatile boolean stands = true;
    private final AtomicInteger discarded = new AtomicInteger();

    @Override
    public boolean stands() {
      return stands;
    }

    @Override
    public void discard() {
      discarded.incrementAndGet();
    }
  }

  private Thing make() {
    Thing thing = new Thing();
    made.add(thing);
    return thing;
  }

  private void runLater() {
    while (!later.isEmpty()) {
      later.removeFirst().run();
    }
  }

  @Test
  void nothingIsMadeBeforeItIsTendedAndThenAsManyAsAreToWait() {
    assertThat(shelf.waiting()).isZero();

    shelf.tend();
    runLater();

    assertThat(shelf.waiting()).isEqualTo(SPARE);
    assertThat(made).hasSize(SPARE);
  }

  @Test
  void theyAreMadeOneAfterTheOtherHoweverOftenOneIsAsked() {
    shelf.tend();
    shelf.tend();
    shelf.claim();

    assertThat(later).hasSize(1);
    later.removeFirst().run();
    assertThat(made).hasSize(1);
    assertThat(later).hasSize(1);
  }

  @Test
  void whoAsksMakesNone() {
    assertThat(shelf.claim()).isEmpty();
    assertThat(made).isEmpty();

    runLater();

    assertThat(shelf.claim()).containsSame(made.getFirst());
    assertThat(made).hasSize(SPARE);
  }

  @Test
  void ofTwoHundredThatRaceNoTwoGetOne() throws Exception {
    int most = WarmShelf.MOST;
    Set<Thing> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    int claims = 0;
    try (ExecutorService background = Executors.newSingleThreadExecutor();
        WarmShelf<Thing> raced = new WarmShelf<>(this::make, most, background);
        ExecutorService racers = Executors.newFixedThreadPool(RACERS)) {
      raced.tend();
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Optional<Thing>>> all = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        all.add(
            racers.submit(
                () -> {
                  start.await();
                  return raced.claim();
                }));
      }
      start.countDown();
      for (Future<Optional<Thing>> one : all) {
        Optional<Thing> claimed = one.get();
        claims += claimed.isPresent() ? 1 : 0;
        claimed.ifPresent(taken::add);
      }
    }

    assertThat(taken).hasSize(claims);
    assertThat(taken).allMatch(thing -> thing.discarded.get() == 0);
    assertThat(made).filteredOn(thing -> !taken.contains(thing)).hasSizeLessThanOrEqualTo(most);
    assertThat(made)
        .filteredOn(thing -> !taken.contains(thing))
        .allMatch(thing -> thing.discarded.get() == 1);
  }

  @Test
  void whatHasFallenMeanwhileIsPassedOverRemovedOnceAndMadeAnew() {
    shelf.tend();
    runLater();
    made.getFirst().stands = false;

    assertThat(shelf.claim()).containsSame(made.get(1));
    runLater();

    assertThat(made.getFirst().discarded).hasValue(1);
    assertThat(shelf.waiting()).isEqualTo(SPARE);
  }

  @Test
  void tendingFindsWhatHasFallen() {
    shelf.tend();
    runLater();
    made.get(2).stands = false;

    shelf.tend();
    runLater();

    assertThat(made.get(2).discarded).hasValue(1);
    assertThat(made).hasSize(SPARE + 1);
    assertThat(shelf.waiting()).isEqualTo(SPARE);
  }

  @Test
  void whatCanNotBeMadeIsTriedAgainByTheNextClaimOnly() {
    AtomicInteger tries = new AtomicInteger();
    try (WarmShelf<Thing> poor =
        new WarmShelf<>(
            () -> {
              tries.incrementAndGet();
              throw new IOException("no room");
            },
            SPARE,
            later::add)) {
      poor.tend();
      runLater();
      assertThat(tries).hasValue(1);

      assertThat(poor.claim()).isEmpty();
      runLater();
      assertThat(tries).hasValue(2);
    }
  }

  @Test
  void withoutSparesNothingIsEverMade() {
    try (WarmShelf<Thing> none = new WarmShelf<>(this::make, 0, later::add)) {
      none.tend();

      assertThat(none.claim()).isEmpty();
      assertThat(later).isEmpty();
    }
  }

  @Test
  void whenItClosesWhatWaitsGoesAndNothingComes() {
    shelf.tend();
    runLater();
    Thing taken = shelf.claim().orElseThrow();

    shelf.close();
    runLater();

    assertThat(shelf.claim()).isEmpty();
    assertThat(taken.discarded).hasValue(0);
    assertThat(made)
        .hasSize(SPARE)
        .filteredOn(thing -> thing != taken)
        .allMatch(WarmShelfTest::gone);
  }

  private static boolean gone(Thing thing) {
    return thing.discarded.get() == 1;
  }

  @Test
  void oneThatIsBeingMadeWhenItClosesGoesToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ExecutorService background = Executors.newSingleThreadExecutor();
        ExecutorService closer = Executors.newSingleThreadExecutor()) {
      WarmShelf<Thing> slow =
          new WarmShelf<>(
              () -> {
                begun.countDown();
                goOn.await();
                return make();
              },
              SPARE,
              background);
      slow.tend();
      begun.await();
      Future<?> closing = closer.submit(slow::close);
      goOn.countDown();
      closing.get();
    }

    assertThat(made).allMatch(WarmShelfTest::gone);
  }

  @Test
  void aNumberThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new WarmShelf<>(this::make, 17, later::add))
        .hasMessage("warm sandboxes: 17 (expected: 0 to 16)");
    assertThatThrownBy(() -> new WarmShelf<>(this::make, -1, later::add))
        .hasMessage("warm sandboxes: -1 (expected: 0 to 16)");
  }
}
