package dev.weft.router.store;

import dev.weft.platform.lease.CellFence;
import dev.weft.router.app.JournalException;
import java.sql.SQLException;
import java.util.Objects;

/** What it means to the cell that the database, or the way there, failed. */
final class JournalFailure {

  private JournalFailure() {}

  /** That the epoch is lost, if its guard says so; else that nothing is known. */
  static JournalException of(SQLException failure) {
    String message = Objects.toString(failure.getMessage());
    return CellFence.refused(failure)
        ? new JournalException.EpochLost(message)
        : new JournalException.Unavailable(message, failure);
  }
}
