package dev.weft.scaler.domain.demand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.scaler.app.DemandBoard;
import dev.weft.scaler.domain.demand.Demand.OfShape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandTest {

  @Test
  void shapesOfAClassAreSummedAndTheOldestCounts() {
    Demand demand =
        new Demand(
            1,
            List.of(
                new OfShape("P2", 3, 1, Duration.ofSeconds(5)),
                new OfShape("P0", 1, 0, Duration.ZERO),
                new OfShape("P2", 4, 2, Duration.ofSeconds(9))));

    assertThat(demand.byClass().values())
        .containsExactly(
            new OfShape("P0", 1, 0, Duration.ZERO), new OfShape("P2", 7, 3, Duration.ofSeconds(9)));
  }

  @Test
  void anOldPlacersWordDoesNotReplaceANewersOne() {
    DemandBoard board = new DemandBoard();
    Demand newer = new Demand(2, List.of());

    board.take(newer);
    board.take(new Demand(1, List.of()));

    assertThat(board.newest()).isSameAs(newer);
  }
}
