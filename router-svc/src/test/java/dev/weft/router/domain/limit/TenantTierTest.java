package dev.weft.router.domain.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.task.PriorityClass;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantTierTest {

  private static final long GIB = 1L << 30;
  private static final List<Tier> RISING =
      List.of(Tier.FREE, Tier.BASIC, Tier.PREMIUM, Tier.ENTERPRISE);

  @Test
  void aLimitIsBaseTimesClassTimesTierTimesInstances() {
    Map<PriorityClass, Double> classes =
        Map.of(
            PriorityClass.P0, 4.0,
            PriorityClass.P1, 2.0,
            PriorityClass.P2, 1.5,
            PriorityClass.P3, 1.2,
            PriorityClass.P4, 1.0,
            PriorityClass.P5, 0.8,
            PriorityClass.P6, 0.5);
    Map<Tier, Double> tiers =
        Map.of(Tier.FREE, 0.5, Tier.BASIC, 1.0, Tier.PREMIUM, 2.0, Tier.ENTERPRISE, 4.0);
    for (PriorityClass priority : PriorityClass.values()) {
      for (Tier tier : Tier.values()) {
        for (int instances : new int[] {1, 2, 7, 10_000}) {
          double times = classes.get(priority) * tiers.get(tier) * instances;
          Level limit = new TenantTier("acme", tier, instances).limit(priority);
          assertThat(limit.cpuMilli()).isEqualTo(Math.round(500 * times));
          assertThat((double) limit.memoryBytes()).isBetween(GIB * times - 1, GIB * times + 1);
          assertThat((double) limit.diskBytes())
              .isBetween(2.5 * GIB * times - 1, 2.5 * GIB * times + 1);
          assertThat(limit.slots()).isEqualTo((long) (4 * times + 1e-9)).isPositive();
        }
      }
    }
  }

  @Test
  void aUserMayHoldAFifthOfWhatItsTenantMay() {
    assertThat(new TenantTier("acme", Tier.BASIC, 1).userLimit())
        .isEqualTo(new Level(400, 4 * GIB / 5, 2 * GIB, 3));
    assertThat(new TenantTier("acme", Tier.FREE, 1).userLimit().slots()).isPositive();
    assertThat(new TenantTier("acme", Tier.PREMIUM, 5).userLimit())
        .isEqualTo(new Level(4_000, 8 * GIB, 20 * GIB, 32));
  }

  @Test
  void theMostUrgentWorkOfABasicTenantMayHoldAWholeInstance() {
    assertThat(new TenantTier("acme", Tier.BASIC, 1).limit(PriorityClass.P0))
        .isEqualTo(new Level(2_000, 4 * GIB, 10 * GIB, 16));
  }

  @Test
  void aHigherTierOrClassOrOneInstanceMoreNeverMeansLess() {
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      int instances = 1 + random.nextInt(TenantTier.MOST_INSTANCES - 1);
      int code = random.nextInt(1, 7);
      int tier = random.nextInt(1, 4);
      PriorityClass priority = PriorityClass.of(code);
      Level limit = limit(tier, instances, priority);
      assertThat(Amount.lacking(limit, limit(tier, instances, PriorityClass.of(code - 1))))
          .isEmpty();
      assertThat(Amount.lacking(limit, limit(tier, instances + 1, priority))).isEmpty();
      assertThat(Amount.lacking(limit(tier - 1, instances, priority), limit)).isEmpty();
    }
  }

  private static Level limit(int tier, int instances, PriorityClass priority) {
    return new TenantTier("acme", RISING.get(tier), instances).limit(priority);
  }

  @Test
  void aNumberOfInstancesThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new TenantTier("acme", Tier.FREE, 0))
        .hasMessage("instances: 0 (expected: 1..10000)");
    assertThatThrownBy(() -> new TenantTier("acme", Tier.FREE, 10_001))
        .hasMessageContaining("instances: 10001");
  }

  @Test
  void whatFitsOftenIsWhatTheScarcestAmountAllows() {
    Level room = new Level(1_000, 3 * GIB, -1, 9);
    assertThat(Amount.fits(new Level(250, 2 * GIB, 0, 1), room)).isEqualTo(1);
    assertThat(Amount.fits(new Level(250, 0, 0, 1), room)).isEqualTo(4);
    assertThat(Amount.fits(new Level(0, 0, 1, 1), room)).isZero();
    assertThat(Amount.lacking(new Level(0, 4 * GIB, 0, 1), room)).contains(Amount.MEMORY);
    assertThat(Amount.lacking(new Level(0, 0, 0, 9), room)).as("needs no disk").isEmpty();
  }
}
