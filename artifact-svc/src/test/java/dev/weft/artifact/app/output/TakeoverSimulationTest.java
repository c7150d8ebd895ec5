package dev.weft.artifact.app.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A log over replicas that die, sleep, lose requests and answers: no acknowledged chunk is lost,
 * nobody reads a byte twice or out of order, one owner seals.
 */
class TakeoverSimulationTest {

  private static final int SEEDS = Integer.getInteger("weft.seeds", 1_000);
  private static final long FIRST = Long.getLong("weft.seed", 1L);

  /** Held, so that its level is not forgotten: failures are this test's daily bread. */
  private static final Logger QUIET = Logger.getLogger("dev.weft.artifact.app.output");

  @BeforeAll
  static void silence() {
    QUIET.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    QUIET.setLevel(null);
  }

  @Test
  void nothingAcknowledgedIsLostAndNothingIsReadTwice() {
    long takeovers = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      takeovers += run(seed, true);
    }

    assertThat(takeovers).isGreaterThan(SEEDS / 2);
  }

  @Test
  void withoutTheFenceTheSameWorldsBreak() {
    int broken = 0;
    for (long seed = 1; seed <= 50; seed++) {
      try {
        run(seed, false);
      } catch (AssertionError e) {
        broken++;
      }
    }

    assertThat(broken).isPositive();
  }

  /** Returns how often another owner went on with the log. */
  private static long run(long seed, boolean fenced) {
    try {
      SimWorld world = new SimWorld(seed, fenced);
      world.run();
      return world.rows.sealings().stream().mapToLong(FakeLogStore.Sealing::epoch).max().orElse(1)
          - 1;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
