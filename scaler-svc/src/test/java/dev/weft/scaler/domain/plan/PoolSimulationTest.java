package dev.weft.scaler.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.Pools;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random faults; {@link SimPool} checks after each round what must always hold. */
class PoolSimulationTest {

  private static final int SEEDS = 200;
  private static final int ROUNDS = 2_400;
  private static final int CALM = 2_400;

  @Test
  void whateverHappensThePoolComesBackToItsSizeAndNoLeaseIsCutShort() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SimPool pool = new SimPool(new SimMachines(random));
      for (int round = 0; round < ROUNDS; round++) {
        disturb(pool, random);
        pool.round(random.nextInt(100) == 0);
      }
      calm(pool);
      for (int round = 0; round < CALM; round++) {
        pool.round(false);
      }
      assertThat(pool.live().stream().filter(one -> one.state() instanceof Running))
          .as("seed %d: %s", seed, pool.live())
          .hasSize(pool.spec.size().desired());
      assertThat(pool.live())
          .as("seed %d", seed)
          .allMatch(PoolSimulationTest::settled)
          .hasSizeLessThanOrEqualTo(pool.spec.ceiling());
    }
  }

  @Test
  void aKilledWorkerIsBackWithinTenSeconds() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SimPool pool = new SimPool(new SimMachines(new SplittableRandom(seed)));
      for (int round = 0; round < 240; round++) {
        pool.round(false);
      }
      pool.machines.killOne();
      for (int round = 0; round < 20; round++) {
        pool.round(false);
      }
      assertThat(pool.live()).as("seed %d", seed).allMatch(one -> one.state() instanceof Running);
      assertThat(pool.live()).hasSize(2);
    }
  }

  @Test
  void workersThatAlwaysDieAreStartedMoreAndMoreRarely() {
    SimPool pool = new SimPool(new SimMachines(new SplittableRandom(1)));
    pool.spec = Pools.spec(1);
    pool.machines.shortLife = Duration.ofSeconds(1);
    for (int round = 0; round < 1_200; round++) {
      pool.round(false);
    }
    // Pauses of 0, 1, 2, 4, …, 64, 120, 120 … s fill ten minutes.
    assertThat(pool.starts).isBetween(9, 15);
  }

  private static boolean settled(Instance one) {
    return one.state() instanceof Running || one.state() instanceof SetAside;
  }

  private static void disturb(SimPool pool, SplittableRandom random) {
    SimMachines machines = pool.machines;
    switch (random.nextInt(400)) {
      case 0, 1, 2, 3 -> machines.killOne();
      case 4 -> machines.drainByHand();
      case 5 -> machines.freezeOne();
      case 6, 7 -> machines.thawAll();
      case 8 -> machines.slowest = Duration.ofSeconds(100);
      case 9 -> machines.shortLife = Duration.ofSeconds(20);
      case 10, 11 -> {
        machines.slowest = Duration.ofSeconds(5);
        machines.shortLife = null;
      }
      case 12 -> machines.registryHeard = false;
      case 13, 14 -> machines.registryHeard = true;
      case 15, 16 -> pool.spec = Pools.spec(random.nextInt(9));
      default -> {}
    }
  }

  private static void calm(SimPool pool) {
    pool.machines.thawAll();
    pool.machines.slowest = Duration.ofSeconds(5);
    pool.machines.shortLife = null;
    pool.machines.registryHeard = true;
  }
}
