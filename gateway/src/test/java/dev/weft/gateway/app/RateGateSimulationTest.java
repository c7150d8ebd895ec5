package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.RateBound;
import dev.weft.gateway.domain.RateWish;
import dev.weft.gateway.domain.RatedResource;
import dev.weft.gateway.domain.TenantTier;
import dev.weft.gateway.domain.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Allowed ≤ limit · t / window + limit of each class and user, in every window of every run, but
 * for what comes back while an answer travels.
 */
class RateGateSimulationTest {

  private static final int SEEDS = 300;

  /** An answer is waited for so long, and something is rounded. */
  private static final double TRAVEL_SECONDS = RateBuckets.PATIENCE.toMillis() / 1e3 + 0.001;

  private static final Duration STEP = Duration.ofMillis(10);
  private static final Duration LONG_STEP = Duration.ofMillis(100);
  private static final int STEPS = 1_500;

  @Test
  void noLossOfTheBucketsLetsMoreThrough() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random chance = new Random(seed);
      live(seed, new RateWorld(seed, 1 + chance.nextInt(4)), chance, RateGateSimulationTest::loss);
    }
  }

  @Test
  void whoIsAloneAddsItsOwnPartAndNoMore() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random chance = new Random(seed);
      RateWorld world = new RateWorld(seed, 1 + chance.nextInt(4));
      world.surplus = 1;
      world.slowest = 20_000;
      live(seed, world, chance, RateGateSimulationTest::partOfIt);
    }
  }

  @Test
  void nearlyAllOfALimitIsUsed() {
    RateWorld world = new RateWorld(1, 2);
    List<RateBound> bounds = bounds(RatedResource.NETWORK_BYTES, 4, "", 2);
    for (int i = 0; i < 1_000; i++) {
      world.acquire(i % 2, bounds, 50_000);
      world.run(STEP);
    }

    double limits = world.allowed / (double) bounds.getFirst().limit();
    assertThat(limits).isBetween(9.5, 11.0);
    assertThat(world.refused).isPositive();
  }

  @Test
  void withoutTheBucketsEachGatewayLetsItsPartThroughAlsoToWhoComesSeldom() {
    RateWorld world = new RateWorld(1, 2);
    List<RateBound> bounds = bounds(RatedResource.LLM_TOKENS, 4, "ada", 2);
    world.stop();
    for (int i = 0; i < 60; i++) {
      world.acquire(0, bounds, 1);
      world.run(Duration.ofSeconds(2));
    }

    assertThat(world.allowed).as("of 100 a minute, in two minutes").isBetween(57L, 60L);
  }

  /** Of the kinds that all gateways notice, or that the keeper itself does. */
  private static void loss(RateWorld world) {
    switch (world.random.nextInt(4)) {
      case 0 -> world.buckets.flush();
      case 1 -> world.writeToDisk();
      case 2 -> world.stop();
      default -> world.start(world.random.nextBoolean());
    }
  }

  /** Of the kinds that only some notice. */
  private static void partOfIt(RateWorld world) {
    RateWorld.Link link = world.links.get(world.random.nextInt(world.links.size()));
    switch (world.random.nextInt(5)) {
      case 0 -> link.cut = true;
      case 1, 2 -> link.cut = false;
      case 3 -> world.hang();
      default -> world.goOn();
    }
  }

  private static List<RateBound> bounds(
      RatedResource resource, int priority, String user, int gateways) {
    TenantTier tier = new TenantTier(Tier.BASIC, 1);
    return RateBound.of("acme", tier, new RateWish(resource, 1, priority, user), gateways);
  }

  private static void live(long seed, RateWorld world, Random chance, Consumer<RateWorld> mishap) {
    RatedResource resource = List.of(RatedResource.values()).get(chance.nextInt(3));
    // What takes a minute to come back is to be tried for minutes.
    Duration pace = resource == RatedResource.LLM_TOKENS ? LONG_STEP : STEP;
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
          wish(world, chance, resource, gateway);
        }
      }
      world.run(pace);
      assertThat(world.lowest)
          .as(() -> "seed %d, step %d, %s".formatted(seed, step, resource))
          .isGreaterThanOrEqualTo(-TRAVEL_SECONDS);
    }
    world.run(RateBuckets.PATIENCE);
    assertThat(world.allowed).as("seed %d", seed).isPositive();
    assertThat(world.waiting).as("seed %d, nobody is forgotten", seed).isZero();
    assertThat(Duration.ofNanos(world.longestWait))
        .as("seed %d", seed)
        .isLessThanOrEqualTo(RateBuckets.PATIENCE);
  }

  private static void wish(RateWorld world, Random chance, RatedResource resource, int gateway) {
    String user = chance.nextBoolean() ? "" : "user-" + chance.nextInt(3);
    List<RateBound> bounds =
        bounds(resource, chance.nextInt(TenantTier.CLASSES), user, world.gates.size());
    long least = bounds.stream().mapToLong(RateBound::limit).min().orElseThrow();
    long most = Math.max(1, chance.nextInt(5) == 0 ? least : least / 20);
    world.acquire(gateway, bounds, 1 + chance.nextLong(most));
  }
}
