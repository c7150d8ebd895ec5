package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.task.TaskId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A cell among failing workers, a failing database, takeovers and impatient users, on a virtual
 * clock. The seeds are the same in every run; {@code -Dweft.simulation.seeds} and {@code
 * -Dweft.simulation.first} choose others.
 */
class CellSimulationTest {

  private static final int SEEDS = Integer.getInteger("weft.simulation.seeds", 1_000);
  private static final int FIRST = Integer.getInteger("weft.simulation.first", 1);
  private static final long FAULTY = 16 * SimWorker.SECOND;
  private static final long PATIENCE = 400 * SimWorker.SECOND;

  @Test
  void invariantsHoldOverManySeeds() {
    int takeovers = 0;
    int starts = 0;
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      SimWorld world = run(seed);
      takeovers += world.takeovers;
      starts += world.workers.stream().mapToInt(worker -> worker.starts).sum();
    }
    assertThat(takeovers).as("the simulation reaches takeovers").isPositive();
    assertThat(starts).as("the simulation runs work").isGreaterThan(SEEDS);
  }

  /** Were the checks blind, these would pass: a history with a loss must be told. */
  @ParameterizedTest
  @ValueSource(longs = {3})
  void theCheckerSeesALostTask(long seed) {
    SimWorld world = run(seed);
    world.clients.acked.add(new TaskId(1, 1));
    assertThatThrownBy(() -> check(world))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("I1");
  }

  private static SimWorld run(long seed) {
    try {
      SimWorld world = new SimWorld(seed);
      while (world.now() < FAULTY) {
        world.step(true);
      }
      world.wellAgain();
      long until = world.now() + PATIENCE;
      while (!quiet(world) && world.now() < until) {
        world.step(false);
      }
      check(world);
      return world;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static boolean quiet(SimWorld world) {
    Cell cell = world.cell();
    return cell != null
        && world.settled()
        && world.workers.stream().allMatch(worker -> worker.connected() && worker.runs() == 0)
        && cell.core().tasks.size() == 0
        && cell.core().fleet.all().stream().noneMatch(Worker::haunted);
  }

  private static void check(SimWorld world) {
    SimHistory history = new SimHistory(world.store);
    history.check(world.clients.acked, world.clients.cancelAcked, world.executed);
    world.clients.stateAtCancelAck.forEach(history::cancelAcked);
    Cell cell = world.cell();
    assertThat(cell).isNotNull();
    for (Worker worker : cell.core().fleet.all()) {
      assertThat(worker.slot.credit().unused()).as("leaked credit of %s", worker.id()).isTrue();
    }
    assertThat(cell.view().figures().waiting()).isZero();
  }
}
