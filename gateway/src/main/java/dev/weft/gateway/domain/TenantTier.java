package dev.weft.gateway.domain;

/**
 * What a tenant may use over time: base allocation × class × tier × instances. The limit of a class
 * is for its work and that of all classes below together, so what is less urgent always leaves room
 * for what is more. The factors are the same as of the placer's levels; that they agree is tested
 * over both.
 *
 * @param instances for how many the limits are made
 */
public record TenantTier(Tier tier, int instances) {

  /** The factors of P0 to P6, in percent of what work of P4 may use. */
  private static final int[] CLASS_PERCENT = {400, 200, 150, 120, 100, 80, 50};

  public static final int CLASSES = CLASS_PERCENT.length;

  public TenantTier {
    if (instances < 1) {
      throw new IllegalArgumentException("instances: " + instances + " (expected: >= 1)");
    }
  }

  /**
   * What work of this class and of those below may use in a window.
   *
   * @param priority 0 for P0 to 6
   */
  public long limit(RatedResource resource, int priority) {
    return resource.base() * CLASS_PERCENT[priority] * tier.percent() / (100 * 100) * instances;
  }

  /** What one user may use in a window. */
  public long userLimit(RatedResource resource) {
    return resource.user() * tier.percent() / 100 * instances;
  }

  /** As people read it. */
  public String title() {
    String name = "tier " + tier.title();
    return instances == 1 ? name : "%s, %d instances".formatted(name, instances);
  }
}
