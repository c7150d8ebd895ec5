package dev.weft.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who has a part of its own while the shared buckets are away. */
class OwnPartsTest {

  private static final int PLACES = 100;
  private static final long OUTAGE = Duration.ofHours(1).toNanos();
  private static final long MOMENT = Duration.ofMillis(10).toNanos();

  private final OwnParts parts = new OwnParts(PLACES);
  private long now;

  @Test
  void aTenantWithManyUsersLeavesPlacesForThoseOfOthers() {
    for (int i = 0; i < PLACES; i++) {
      come("many", "u" + i);
    }

    for (int i = 0; i < 20; i++) {
      assertThat(come("others", "u" + i)).isTrue();
    }
    assertThat(come("many", "u99")).isFalse();
  }

  @Test
  void aClassHasAPlaceHoweverManyUsersThereAre() {
    for (int i = 0; i < PLACES; i++) {
      come("tenant-" + i, "u1");
      come("tenant-" + i, "u2");
    }

    for (int i = 0; i < 2 * PLACES; i++) {
      assertThat(come("tenant-" + i, "")).isTrue();
    }
    assertThat(come("late", "ada")).isFalse();
  }

  @Test
  void whatWasToldOfLeavesItsPlace() {
    for (int i = 0; i < PLACES; i++) {
      come("many", "u" + i);
    }
    List<RateBound> first = bounds("many", "u0");
    List<OwnPart> told = first.stream().map(bound -> parts.of(bound, now)).toList();

    assertThat(parts.told(now, first, told)).isTrue();

    assertThat(come("many", "u99")).isTrue();
    assertThat(come("many", "u98")).isFalse();
  }

  @Test
  void whatHasComeBackLeavesItsPlaceToWhoeverComesNext() {
    for (int i = 0; i < PLACES; i++) {
      come("many", "u" + i);
    }
    now += OUTAGE + RatedResource.DISK_BYTES.window().toNanos();

    assertThat(come("many", "u99")).isTrue();
    assertThat(parts.of(bounds("many", "u0").getLast(), now)).isEqualTo(OwnPart.NONE);
  }

  /** Whether all that it asks for has a part of its own a moment later. */
  private boolean come(String tenant, String user) {
    List<RateBound> bounds = bounds(tenant, user);
    parts.take(now, now, now + OUTAGE, bounds, 1);
    return bounds.stream().allMatch(bound -> parts.of(bound, now + MOMENT).counted().isPositive());
  }

  private static List<RateBound> bounds(String tenant, String user) {
    RateWish wish = new RateWish(RatedResource.DISK_BYTES, 1, 0, user);
    return RateBound.of(tenant, new TenantTier(Tier.BASIC, 1), wish, 2);
  }
}
