package dev.weft.router.app;

import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.OpenRows;

/**
 * The cell's only way to write. Blocking; called by one thread at a time.
 *
 * <p>Every call is guarded: it does nothing and throws {@link JournalException.EpochLost} when
 * {@code epoch} is no longer the cell's.
 */
public interface CellJournal {

  /**
   * Flushes a batch. After {@link JournalException.Unavailable} the outcome is unknown: the caller
   * hands in the same batch again until it gets a receipt or another error, and the journal finds
   * out (having made sure that no earlier transaction of this holder still runs) whether that
   * number is written already. A receipt therefore always speaks of durable rows.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   * @throws JournalException.Unavailable no connection, or it broke in between
   * @throws JournalException.Mismatch the rows contradict what is stored (an admitted id exists, a
   *     changed row has another last commit, the number is not the next); nothing was written
   */
  CommitReceipt commit(long epoch, GroupCommit batch);

  /**
   * Reads what is open, after the takeover has raised the epoch.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   * @throws JournalException.Unavailable no connection, or it broke in between; rows may have been
   *     handed over already, the caller starts anew with an empty sink
   */
  void loadOpen(long epoch, OpenRows sink);
}
