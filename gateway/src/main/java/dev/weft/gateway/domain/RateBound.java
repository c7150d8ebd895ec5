package dev.weft.gateway.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * One limit that an amount must keep, and the bucket that holds it.
 *
 * @param tenant whose it is, or whose user's
 * @param bucket its name, the same at all gateways
 * @param limit a full bucket
 * @param window in which so many come back
 * @param gateways most that run at once
 * @param priority the class whose limit it is; empty if it is a user's
 */
public record RateBound(
    String tenant, String bucket, long limit, Duration window, int gateways, OptionalInt priority) {

  /**
   * All limits that a wish must keep: of its class, of those above, whose limits are for what is
   * below as well, and of its user.
   */
  public static List<RateBound> of(String tenant, TenantTier tier, RateWish wish, int gateways) {
    RatedResource resource = wish.resource();
    Duration window = resource.window();
    String name = resource.name().toLowerCase(Locale.ROOT);
    List<RateBound> bounds = new ArrayList<>();
    for (int above = wish.priority(); above >= 0; above--) {
      String bucket = "%s:p%d:%s".formatted(name, above, tenant);
      long limit = tier.limit(resource, above);
      bounds.add(new RateBound(tenant, bucket, limit, window, gateways, OptionalInt.of(above)));
    }
    if (!wish.user().isEmpty()) {
      // The length tells where the tenant ends: both may hold any sign.
      String bucket = "%s:user:%d:%s:%s".formatted(name, tenant.length(), tenant, wish.user());
      long limit = tier.userLimit(resource);
      bounds.add(new RateBound(tenant, bucket, limit, window, gateways, OptionalInt.empty()));
    }
    return bounds;
  }

  boolean ofUser() {
    return priority.isEmpty();
  }

  /** By what the bucket refills. */
  public BucketRate rate() {
    return new BucketRate(limit * 1e9 / window.toNanos(), limit, gateways);
  }
}
