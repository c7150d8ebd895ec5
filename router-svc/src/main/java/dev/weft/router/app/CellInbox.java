package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.Denial;
import java.util.function.Consumer;

/**
 * The way into the cell for everything that comes from outside. Any thread; never blocks. On a
 * replica that does not hold the cell, or loses it before the input's turn, {@code denied} is
 * called instead of {@code input}; exactly one of them runs.
 */
public interface CellInbox {

  /**
   * Runs {@code input} on the cell's thread, after all that was told before by the same caller. It
   * waits while the group commit that gathers is full.
   */
  void tell(Consumer<Cell> input, Consumer<Denial> denied);

  /**
   * As {@link #tell}, but waits for no commit and may overtake what was told before: for what must
   * go on while the database is away (a worker's hello, its renewals, its end) and for questions.
   */
  void tellNow(Consumer<Cell> input, Consumer<Denial> denied);

  /** Inputs that wait for their turn. */
  int backlog();
}
