package dev.weft.router.domain.limit;

import dev.weft.router.domain.task.PriorityClass;
import java.util.Locale;

/**
 * What a tenant may have at once: base allocation × class × tier × instances. The limit of a class
 * is for its work and that of all classes below together, so what is less urgent always leaves room
 * for what is more. The limit of P0, in the tier basic, is all of the instances. The gateway's
 * rates have the same factors; that they agree is tested over both.
 *
 * @param instances for how many the limits are made, each of 2 cores, 4 GiB of memory, 10 GiB of
 *     disk and 16 slots
 */
public record TenantTier(String tenant, Tier tier, int instances) {

  public static final int MOST_INSTANCES = 10_000;

  private static final long MIB = 1L << 20;

  /** A quarter of an instance. */
  private static final Level BASE = new Level(500, 1_024 * MIB, 2_560 * MIB, 4);

  public TenantTier {
    if (instances < 1 || instances > MOST_INSTANCES) {
      throw new IllegalArgumentException(
          "instances: %d (expected: 1..%d)".formatted(instances, MOST_INSTANCES));
    }
  }

  /** What work of this class and of those below may hold together. */
  public Level limit(PriorityClass priority) {
    return BASE.times((long) percent(priority) * tier.percent() * instances, 100 * 100);
  }

  /** What one user may hold, of whatever class its work is: a fifth of the tenant's. */
  public Level userLimit() {
    return limit(PriorityClass.P0).times(1, 5);
  }

  /** Of what work of P4 may hold. */
  private static int percent(PriorityClass priority) {
    return switch (priority) {
      case P0 -> 400;
      case P1 -> 200;
      case P2 -> 150;
      case P3 -> 120;
      case P4 -> 100;
      case P5 -> 80;
      case P6 -> 50;
    };
  }

  /** As people read it. */
  public String title() {
    String name = tier.name().toLowerCase(Locale.ROOT);
    return instances == 1 ? "tier " + name : "tier %s, %d instances".formatted(name, instances);
  }
}
