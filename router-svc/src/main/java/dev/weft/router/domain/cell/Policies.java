package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.FourTermScore;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.ReservePolicy;
import dev.weft.router.domain.placement.ScorePolicy;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.placement.Weights;

/** How a cell chooses. */
public record Policies(HardFilter filter, ScorePolicy score, ReservePolicy reserve) {

  public static final Policies STANDARD = of(Weights.STANDARD);

  /** The standard ones with these weights. */
  public static Policies of(Weights weights) {
    return new Policies(new StandardFilter(), new FourTermScore(weights), ReservePolicy.NONE);
  }
}
