package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.SubmitRate;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Accepted ≤ rate · t + burst, in every window of every run: a bucket that starts full and is told
 * of each task as it is accepted must never go below zero.
 */
class SubmitGateSimulationTest {

  private static final int SEEDS = 300;
  private static final double TINY = -1e-4;

  /** One answer that is just in time, one that is late, and what refills in a moment. */
  private static final Duration SOON = Duration.ofMillis(76);

  private static final Duration STEP = Duration.ofMillis(10);
  private static final int STEPS = 1_500;

  @Test
  void noLossOfTheBucketsLetsMoreThrough() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random chance = new Random(seed);
      GateWorld world = new GateWorld(seed, rate(chance));
      live(seed, world, chance, SubmitGateSimulationTest::mishap);
    }
  }

  @Test
  void whoIsAloneAddsItsOwnPartAndNoMore() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random chance = new Random(seed);
      GateWorld world = new GateWorld(seed, rate(chance));
      world.surplus = 1;
      world.referenceBurst = 2.0 * world.rate.burst();
      world.reference = world.referenceBurst;
      world.slowest = 20_000;
      live(seed, world, chance, SubmitGateSimulationTest::partOfIt);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void nearlyAllOfTheRateIsUsed(int gateways) {
    GateWorld world = new GateWorld(1, new SubmitRate(2_000, 1_000, gateways));
    for (int i = 0; i < 1_000; i++) {
      for (int gateway = 0; gateway < gateways; gateway++) {
        world.submit(gateway, 30);
      }
      world.run(STEP);
    }

    assertThat(world.accepted).isBetween(18_000L, 21_000L);
    assertThat(world.refused).isPositive();
  }

  @Test
  void withoutTheBucketsEachGatewayLetsItsPartThrough() {
    GateWorld world = new GateWorld(1, new SubmitRate(2_000, 1_000, 2));
    world.stop();
    for (int i = 0; i < 1_000; i++) {
      world.submit(0, 30);
      world.run(STEP);
    }

    assertThat(world.accepted).isBetween(9_800L, 10_050L);
  }

  @Test
  void withoutTheBucketsWhoComesSeldomGetsItsPartToo() {
    GateWorld world = new GateWorld(1, new SubmitRate(20, 20, 2));
    world.stop();
    for (int i = 0; i < 20; i++) {
      world.submit(0, 1);
      world.run(Duration.ofMillis(300));
    }

    assertThat(world.accepted).isEqualTo(19);
  }

  @Test
  void aSlowAnswerBeforeAPauseCostsNoBurst() {
    GateWorld world = new GateWorld(1, new SubmitRate(200, 400, 2));
    world.submit(0, 1);
    world.run(Duration.ofSeconds(3));
    world.hang();
    world.submit(0, 1);
    world.run(TenantGate.PATIENCE.plusMillis(5));
    world.goOn();
    world.run(Duration.ofSeconds(10));
    long before = world.accepted;

    world.submit(0, 1_000);
    world.run(STEP);

    assertThat(world.accepted - before).isEqualTo((long) world.rate.shared());
  }

  @Test
  void aQuestionServesHundredsOfTasks() {
    GateWorld world = new GateWorld(1, new SubmitRate(100_000, 200_000, 2));
    world.submit(0, 1);
    world.run(Duration.ofSeconds(3));
    int before = world.buckets.asked;
    long accepted = world.accepted;
    for (int i = 0; i < 10_000; i++) {
      world.submit(0, 1);
      world.run(Duration.ofMillis(1));
    }

    assertThat(world.accepted - accepted).isEqualTo(10_000);
    assertThat(world.buckets.asked - before).isLessThan(60);
  }

  /** Of the kinds that all gateways notice, or that the keeper itself does. */
  private static void mishap(GateWorld world) {
    switch (world.random.nextInt(4)) {
      case 0 -> world.buckets.flush();
      case 1 -> world.writeToDisk();
      case 2 -> world.stop();
      default -> world.start(world.random.nextBoolean());
    }
  }

  /** Of the kinds that only some notice. */
  private static void partOfIt(GateWorld world) {
    GateWorld.Link link = world.links.get(world.random.nextInt(world.links.size()));
    switch (world.random.nextInt(5)) {
      case 0 -> link.cut = true;
      case 1, 2 -> link.cut = false;
      case 3 -> world.hang();
      default -> world.goOn();
    }
  }

  private static SubmitRate rate(Random chance) {
    int gateways = 1 + chance.nextInt(4);
    long perSecond = 20L + chance.nextInt(5_000);
    long burst = Math.max(2L * gateways, perSecond / 10 + 1) + chance.nextInt(10_000);
    return new SubmitRate(perSecond, burst, gateways);
  }

  private static void live(long seed, GateWorld world, Random chance, Consumer<GateWorld> mishap) {
    int busy = 1 + chance.nextInt(100);
    for (int i = 0; i < STEPS; i++) {
      int step = i;
      if (chance.nextInt(50) == 0) {
        mishap.accept(world);
      }
      if (chance.nextInt(200) == 0) {
        busy = chance.nextInt(100);
      }
      for (int gateway = 0; gateway < world.gates.size(); gateway++) {
        if (chance.nextInt(100) < busy) {
          world.submit(gateway, 1 + chance.nextInt(chance.nextInt(10) == 0 ? 1_000 : 20));
        }
      }
      world.run(STEP);
      assertThat(world.lowest)
          .as(() -> "seed %d, step %d, %s".formatted(seed, step, world.rate))
          .isGreaterThanOrEqualTo(TINY);
    }
    world.run(SOON);
    assertThat(world.accepted).isPositive();
    assertThat(world.waiting).as("seed %d, nobody is forgotten", seed).isZero();
    assertThat(Duration.ofNanos(world.longestWait)).as("seed %d", seed).isLessThanOrEqualTo(SOON);
  }
}
