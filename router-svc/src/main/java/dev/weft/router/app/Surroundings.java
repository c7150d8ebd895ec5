package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Release;

/** What the placer's loop needs from around it. */
public interface Surroundings {

  /** A loader for a takeover's rows. */
  CellLoader loader(long epoch);

  /** A new cell is told what is known besides its rows; on the loop's thread. */
  void prepare(Cell cell);

  /** Durable events, for those who follow tasks; on the loop's thread, must not block. */
  void released(Release release);

  /** The cell was given up; who follows tasks must ask its next holder. */
  void dropped(Denial reason);

  /** Why this replica can't be asked, with the holder's address. */
  Denial notHolder();
}
