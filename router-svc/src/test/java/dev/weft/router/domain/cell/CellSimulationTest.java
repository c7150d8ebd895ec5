package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.task.TaskId;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A cell among failing workers, a failing database, takeovers and impatient users, on a virtual
 * clock. The seeds are the same in every run; {@code -Dweft.simulation.seeds} and {@code
 * -Dweft.simulation.first} choose others.
 */
class CellSimulationTest {

  private static final int SEEDS = Integer.getInteger("weft.simulation.seeds", 1_000);
  private static final int FIRST = Integer.getInteger("weft.simulation.first", 1);

  @Test
  void invariantsHoldOverManySeeds() {
    int takeovers = 0;
    int starts = 0;
    int capped = 0;
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      SimWorld world = Simulation.run(seed);
      takeovers += world.takeovers;
      capped += world.budgets.capped;
      starts += world.workers.stream().mapToInt(worker -> worker.starts).sum();
    }
    if (SEEDS >= 100) {
      assertThat(takeovers).as("the simulation reaches takeovers").isPositive();
      assertThat(capped).as("the simulation spends budgets").isPositive();
    }
    assertThat(starts).as("the simulation runs work").isGreaterThan(SEEDS);
  }

  /** Were the checks blind, these would pass: a history with a loss must be told. */
  @ParameterizedTest
  @ValueSource(longs = {3})
  void theCheckerSeesALostTask(long seed) {
    SimWorld world = Simulation.run(seed);
    world.clients.acked.add(new TaskId(1, 1));
    assertThatThrownBy(() -> Simulation.check(world))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("I1");
  }

  @Test
  void aSeedThatBreaksThePromiseIsToldWithTheWayToRunItAgain() {
    assertThat(Simulation.violations(FIRST, 3)).isEmpty();
    assertThatThrownBy(
            () -> Simulation.run(FIRST, world -> world.clients.acked.add(new TaskId(1, 1))))
        .hasMessageContaining("seed " + FIRST + ": ")
        .hasMessageContaining("-Dweft.simulation.first=" + FIRST);
  }

  /** So many that no algorithm looks at all of them; each seed has another algorithm. */
  @ParameterizedTest
  @MethodSource("everyAlgorithmOnce")
  void amongManyWorkersEveryAlgorithmKeepsThePromise(long seed) {
    SimWorld world = new SimWorld(seed, 150);
    while (world.now() < Simulation.FAULTY) {
      world.step(true);
    }
    Simulation.calmDown(world);
    assertThat(world.workers.stream().mapToInt(worker -> worker.starts).sum()).isGreaterThan(20);
  }

  static LongStream everyAlgorithmOnce() {
    return LongStream.range(FIRST, FIRST + Algorithm.values().length);
  }

  /** A fleet as large as a cell may have, in one thread; the same checks as for the small ones. */
  @Test
  void tenThousandWorkersKeepThePromiseToo() {
    SimWorld world = new SimWorld(FIRST, 10_000);
    while (world.now() < Simulation.FAULTY) {
      world.step(true);
    }
    Simulation.calmDown(world);
    assertThat(world.workers).hasSize(10_000).allMatch(SimWorker::connected);
    assertThat(world.workers.stream().mapToInt(worker -> worker.starts).sum()).isGreaterThan(100);
  }
}
