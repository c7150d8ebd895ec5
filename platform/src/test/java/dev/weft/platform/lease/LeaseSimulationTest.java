package dev.weft.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Three contenders over a model of the database, with pauses, deaths and outages at random, in
 * virtual time.
 */
class LeaseSimulationTest {
  private static final int SEEDS = 500;
  private static final int MINUTES = 5;
  private static final long STEP_MILLIS = 50;
  private static final long SILENCE_MILLIS = 2500;
  private static final long POLL_MILLIS = 250;
  private static final long BEAT_MILLIS = 1000;
  private static final long RETRY_MILLIS = 500;
  // The last beat, seen up to a poll later, the silence, and the poll that notices.
  private static final long TAKEOVER_MILLIS = SILENCE_MILLIS + 2 * POLL_MILLIS + 2 * STEP_MILLIS;

  @Test
  void silentHoldersAreReplacedInTimeAndLivingOnesNever() {
    int takeovers = IntStream.range(0, SEEDS).map(seed -> new World(seed).run()).sum();
    assertThat(takeovers).isGreaterThan(SEEDS);
  }

  private static final class Contender {
    final String name;
    LeaseWatch watch;
    long epoch;
    long next;
    long awakeFrom;

    Contender(String name) {
      this.name = name;
      this.watch = fresh(name);
    }

    static LeaseWatch fresh(String name) {
      return new LeaseWatch(
          name, Duration.ofMillis(SILENCE_MILLIS), Duration.ofMillis(POLL_MILLIS));
    }
  }

  private static final class World {
    final int seed;
    final Random random;
    final Contender[] contenders = {new Contender("a"), new Contender("b"), new Contender("c")};
    LeaseRow row = new LeaseRow(0, "", "", 0);
    long now;
    long downUntil;
    long lastChange;
    int watchers;
    // Since when the database is up and the same contenders, at least two, are awake and have
    // looked.
    long watchedSince;
    int takeovers;

    World(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    int run() {
      for (now = 0; now < Duration.ofMinutes(MINUTES).toMillis(); now += STEP_MILLIS) {
        disturb();
        for (Contender contender : contenders) {
          if (now >= contender.awakeFrom && now >= contender.next) {
            turn(contender);
          }
        }
        noteWatchers();
        long silentFor = now - Math.max(lastChange, watchedSince);
        assertThat(silentFor)
            .as("seed %d at %d: nobody holds the cell", seed, now)
            .isLessThanOrEqualTo(TAKEOVER_MILLIS);
      }
      return takeovers;
    }

    void noteWatchers() {
      int awake =
          IntStream.range(0, 3).filter(i -> now >= contenders[i].awakeFrom).map(i -> 1 << i).sum();
      if (now < downUntil || awake != watchers || Integer.bitCount(awake) < 2) {
        watchedSince = now + RETRY_MILLIS;
      }
      watchers = awake;
    }

    void disturb() {
      Contender victim = contenders[random.nextInt(3)];
      switch (random.nextInt(400)) {
        case 0 -> victim.awakeFrom = now + random.nextInt(20_000);
        case 1 -> {
          victim.awakeFrom = now + 1000 + random.nextInt(5_000);
          victim.epoch = 0;
          victim.watch = Contender.fresh(victim.name);
        }
        case 2 -> downUntil = random.nextInt(4) == 0 ? now + random.nextInt(15_000) : downUntil;
        default -> {}
      }
    }

    void turn(Contender contender) {
      if (now < downUntil) {
        contender.watch.forget();
        contender.next = now + RETRY_MILLIS;
      } else if (contender.epoch != 0) {
        beat(contender);
      } else {
        look(contender);
      }
    }

    void beat(Contender contender) {
      contender.next = now + BEAT_MILLIS;
      if (row.epoch() != contender.epoch) {
        contender.epoch = 0;
        contender.next = now;
        return;
      }
      row = new LeaseRow(row.epoch(), row.holder(), "", row.beat() + 1);
      lastChange = now;
    }

    void look(Contender contender) {
      contender.next = now + POLL_MILLIS;
      if (!contender.watch.mayTake(row, Duration.ofMillis(now).toNanos())) {
        return;
      }
      if (!row.free() && !row.holder().equals(contender.name)) {
        assertThat(now - lastChange)
            .as("seed %d at %d: a living holder lost", seed, now)
            .isGreaterThanOrEqualTo(SILENCE_MILLIS);
        assertThat(now - downUntil)
            .as("seed %d at %d: judged while the database was away", seed, now)
            .isGreaterThanOrEqualTo(SILENCE_MILLIS);
      }
      row = new LeaseRow(row.epoch() + 1, contender.name, "", row.beat() + 1);
      contender.epoch = row.epoch();
      contender.watch.forget();
      contender.next = now + BEAT_MILLIS;
      lastChange = now;
      takeovers++;
    }
  }
}
