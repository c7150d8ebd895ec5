package dev.weft.registry.domain.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Thousands of lives of one worker under random loss, jitter and stalls of the judge. The oracle
 * knows when beats truly arrived and when the judge was awake; it shares no code with the policy.
 */
class VerdictSimulationTest {

  private static final int SEEDS = 3_000;
  private static final int LOOK = 250;
  private static final int LIFE = 120_000;
  private static final int LONGEST_LOOK = 1_000;

  @Test
  void nobodyIsJudgedForLessThanThreeMissingBeatsOrForTheJudgesStall() {
    for (int seed = 0; seed < SEEDS; seed++) {
      new Life(seed).run();
    }
  }

  @Test
  void theSimulationDoesReachVerdictsRecoveriesAndStalls() {
    int fallen = 0;
    int risen = 0;
    int stalls = 0;
    for (int seed = 0; seed < 200; seed++) {
      Life life = new Life(seed);
      life.run();
      fallen += life.fallen;
      risen += life.risen;
      stalls += life.stalls;
    }
    assertThat(fallen).isGreaterThan(200);
    assertThat(risen).isGreaterThan(100);
    assertThat(stalls).isGreaterThan(200);
  }

  /** Milliseconds, one step of the simulation each. */
  private static final class Life {
    private final int seed;
    private final Random random;
    private final ObservedTime time = new ObservedTime(Duration.ofMillis(LONGEST_LOOK), 0);
    private final HealthWatch watch =
        new HealthWatch(HealthPolicy.standard(Duration.ofSeconds(1)), 0);
    private boolean healthy = true;
    private int awakeSinceBeat;
    private int closeBeats;
    private int lastAwake;
    private int fallen;
    private int risen;
    private int stalls;

    Life(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      double loss = random.nextDouble();
      int nextBeat = 1_000;
      int nextLook = LOOK;
      int stalledUntil = 0;
      for (int now = 1; now < LIFE; now++) {
        if (now >= stalledUntil && random.nextInt(20_000) == 0) {
          stalledUntil = now + 1_000 + random.nextInt(30_000);
          stalls++;
        }
        boolean awake = now >= stalledUntil;
        boolean beats = now == nextBeat;
        if (beats) {
          nextBeat = now + 800 + random.nextInt(400);
        }
        boolean looks = awake && now >= nextLook;
        if (looks) {
          nextLook = now + LOOK;
        }
        boolean arrives = beats && random.nextDouble() >= loss;
        if (awake && (arrives || looks)) {
          // What arrives during a stall waits in the socket; the oracle lets it be lost, which is
          // worse.
          step(now, !looks);
        }
      }
    }

    private void step(int now, boolean beat) {
      int gap = Math.min(now - lastAwake, LONGEST_LOOK);
      lastAwake = now;
      awakeSinceBeat += gap;
      long observed = time.at(now * 1_000_000L);
      int silence = awakeSinceBeat;
      if (beat) {
        watch.beat(observed, Optional.empty());
        closeBeats = silence < 1_500 ? closeBeats + 1 : 1;
        awakeSinceBeat = 0;
      }
      boolean well = watch.verdict(observed) instanceof HealthVerdict.Healthy;
      check(well, silence, beat);
      healthy = well;
    }

    private void check(boolean well, int silence, boolean beat) {
      String context = "seed " + seed + ", silence " + silence + ", beats in a row " + closeBeats;
      if (healthy && !well) {
        fallen++;
        assertThat(silence).as(context).isGreaterThanOrEqualTo(3_500);
      }
      if (!healthy && well) {
        risen++;
        assertThat(beat).as(context).isTrue();
        assertThat(closeBeats).as(context).isGreaterThanOrEqualTo(2);
      }
      if (!beat && silence >= 3_500) {
        assertThat(well).as(context).isFalse();
      }
      if (beat && closeBeats >= 2) {
        assertThat(well).as(context).isTrue();
      }
    }
  }
}
