package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.FourTermScore;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.ScorePolicy;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.placement.Weights;

/** How a cell chooses. */
public record Policies(HardFilter filter, ScorePolicy score, OrderPolicy order) {

  public static final Policies STANDARD = of(Weights.STANDARD, OrderPolicy.STANDARD);

  /** The standard ones with these weights and this order. */
  public static Policies of(Weights weights, OrderPolicy order) {
    return new Policies(new StandardFilter(), new FourTermScore(weights), order);
  }
}
