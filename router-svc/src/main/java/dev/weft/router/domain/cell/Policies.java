package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.FourTermScore;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.ScorePolicy;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.placement.Weights;

/** How a cell chooses. */
public record Policies(
    HardFilter filter, ScorePolicy score, AlgorithmTable algorithms, OrderPolicy order) {

  public static final Policies STANDARD =
      of(Weights.STANDARD, AlgorithmTable.STANDARD, OrderPolicy.STANDARD);

  /** The standard filter and score with these. */
  public static Policies of(Weights weights, AlgorithmTable algorithms, OrderPolicy order) {
    return new Policies(new StandardFilter(), new FourTermScore(weights), algorithms, order);
  }
}
