package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.Denial;
import java.util.function.Consumer;

/** The way into the cell for everything that comes from outside. Any thread; never blocks. */
public interface CellInbox {

  /**
   * Runs {@code input} on the cell's thread, after all that was told before by the same caller. On a
   * replica that does not hold the cell, or loses it before the input's turn, {@code denied} is
   * called instead; exactly one of them runs.
   */
  void tell(Consumer<Cell> input, Consumer<Denial> denied);
}
