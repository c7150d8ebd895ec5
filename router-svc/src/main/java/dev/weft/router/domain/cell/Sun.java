package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Scores;
import dev.weft.router.domain.region.Geography;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Where heavy work should rather run at the hour that it is, by the database's time. */
final class Sun {

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CellClock clock;
  private final Geography geography;
  private Set<String> regions;
  private long nextLook;

  Sun(CellClock clock, Geography geography) {
    this.clock = clock;
    this.geography = geography;
    this.regions = now();
    this.nextLook = clock.nanos();
  }

  /** By that policy, at this hour. */
  Scores scores(PlacementPolicy policy) {
    return Scores.of(policy, geography, regions);
  }

  /** Whether an hour has come that changes what is weighed; looks once a second. */
  boolean moved() {
    if (geography.sun().rules().isEmpty() || clock.nanos() - nextLook < 0) {
      return false;
    }
    nextLook = clock.nanos() + LOOK_NANOS;
    Set<String> before = regions;
    regions = now();
    return !regions.equals(before);
  }

  private Set<String> now() {
    return geography.sun().preferred(Instant.ofEpochMilli(clock.databaseMillis()));
  }
}
