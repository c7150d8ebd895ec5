package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Algorithm;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.PlacementPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Runs simulated cells, each from a seed: a time with faults, then one without in which everything
 * must come to its end. A seed that breaks the promise is told with the way to run it again.
 */
final class Simulation {

  static final long FAULTY = 16 * SimWorker.SECOND;
  private static final long PATIENCE = 400 * SimWorker.SECOND;
  private static final String AGAIN =
      "./mvnw -Dquick -pl router-svc -am test -Dtest=CellSimulationTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dweft.simulation.seeds=1"
          + " -Dweft.simulation.first=";

  private Simulation() {}

  /** Each seed chooses among workers in another way, so that all of them are lived through. */
  static Policies policies(long seed) {
    Algorithm[] all = Algorithm.values();
    Algorithm algorithm = all[(int) (seed % all.length)];
    AlgorithmTable table =
        algorithm == Algorithm.AFFINITY
            ? AlgorithmTable.STANDARD
            : AlgorithmTable.STANDARD.with("rules", List.of("shell=" + algorithm));
    return Policies.of(PlacementPolicy.configured(table), OrderPolicy.STANDARD);
  }

  static SimWorld run(long seed) {
    return run(seed, world -> {});
  }

  /**
   * @param meddle done to the world when its faults are over
   */
  static SimWorld run(long seed, Consumer<SimWorld> meddle) {
    try {
      SimWorld world = new SimWorld(seed);
      while (world.now() < FAULTY) {
        world.step(true);
      }
      meddle.accept(world);
      calmDown(world);
      return world;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed %d: %s%nrun it again: %s%d".formatted(seed, e.getMessage(), AGAIN, seed), e);
    }
  }

  /** What breaks the promise in these seeds, a sentence for each; for those that look from afar. */
  static List<String> violations(long first, int seeds) {
    List<String> found = new ArrayList<>();
    for (long seed = first; seed < first + seeds; seed++) {
      try {
        run(seed);
      } catch (AssertionError e) {
        found.add(String.valueOf(e.getMessage()));
      }
    }
    return found;
  }

  /** No more faults: waits until nothing is under way, then judges all that has happened. */
  static void calmDown(SimWorld world) {
    world.wellAgain();
    long until = world.now() + PATIENCE;
    while (!quiet(world) && world.now() < until) {
      world.step(false);
    }
    check(world);
  }

  private static boolean quiet(SimWorld world) {
    Cell cell = world.cell();
    return cell != null
        && world.settled()
        && world.workers.stream().allMatch(worker -> worker.connected() && worker.runs() == 0)
        && cell.core().tasks.size() == 0
        && cell.core().fleet.all().stream().noneMatch(Worker::haunted);
  }

  static void check(SimWorld world) {
    SimHistory history = new SimHistory(world.store);
    history.check(world.clients.acked, world.clients.cancelAcked, world.executed);
    world.clients.stateAtCancelAck.forEach(history::cancelAcked);
    world.budgets.check(world.store);
    Cell cell = Objects.requireNonNull(world.cell(), "I14: nobody holds the cell");
    for (Worker worker : cell.core().fleet.all()) {
      assertThat(worker.slot.credit().unused())
          .as("I7: all credit of %s is back", worker.id())
          .isTrue();
    }
    assertThat(cell.view().figures().waiting()).as("I14: nothing waits").isZero();
  }
}
