package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.StandardFilter;

/** How a cell chooses. */
public record Policies(HardFilter filter, PlacementPolicy placement, OrderPolicy order) {

  public static final Policies STANDARD = of(PlacementPolicy.STANDARD, OrderPolicy.STANDARD);

  /** The standard filter with these. */
  public static Policies of(PlacementPolicy placement, OrderPolicy order) {
    return new Policies(new StandardFilter(), placement, order);
  }
}
