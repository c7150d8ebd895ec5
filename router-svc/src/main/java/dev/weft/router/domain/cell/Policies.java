package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.region.Geography;
import dev.weft.router.domain.shard.ShardPolicy;

/** How a cell chooses. */
public record Policies(
    HardFilter filter,
    PlacementPolicy placement,
    OrderPolicy order,
    Geography geography,
    ShardPolicy shards) {

  public static final Policies STANDARD = of(PlacementPolicy.STANDARD, OrderPolicy.STANDARD);

  /** The standard filter with these, on the standard globe. */
  public static Policies of(PlacementPolicy placement, OrderPolicy order) {
    return of(placement, order, Geography.STANDARD);
  }

  /** The standard filter with these, without shards. */
  public static Policies of(PlacementPolicy placement, OrderPolicy order, Geography geography) {
    return new Policies(new StandardFilter(), placement, order, geography, ShardPolicy.OFF);
  }

  /** The same with these shards. */
  public Policies with(ShardPolicy its) {
    return new Policies(filter, placement, order, geography, its);
  }
}
