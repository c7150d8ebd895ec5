package dev.weft.router.store;

import dev.weft.platform.lease.CellFence;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellJournal;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.OpenRows;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The journal over one connection of its own. When that breaks, the next call opens another, which
 * waits until no transaction of the broken one is left, and then asks whether its last batch was
 * written. Not thread-safe.
 */
public final class PgCellJournal implements CellJournal, AutoCloseable {
  private static final String NO_PARTITION = "23514";
  private static final String NO_TABLE = "42P01";

  private final LeaseDatabase database;
  private final int cell;
  private final String role;
  private final Ticker ticker;
  private @Nullable JournalSession session;

  public PgCellJournal(LeaseDatabase database, int cell, String role, Ticker ticker) {
    this.database = database;
    this.cell = cell;
    this.role = role;
    this.ticker = ticker;
  }

  @Override
  public CommitReceipt commit(long epoch, GroupCommit batch) {
    CellGuard guard = new CellGuard(cell, role, epoch);
    return attempt(
        () -> {
          if (session == null) {
            Optional<CommitReceipt> written = fresh().find(guard, batch);
            if (written.isPresent()) {
              return written.get();
            }
          }
          return write(fresh(), guard, batch);
        });
  }

  @Override
  public void loadOpen(long epoch, OpenRows sink) {
    CellGuard guard = new CellGuard(cell, role, epoch);
    attempt(() -> new OpenLoader(fresh().connection(), guard).load(sink));
  }

  /** Gives up the connection; a further call opens another. */
  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  private CommitReceipt write(JournalSession open, CellGuard guard, GroupCommit batch)
      throws SQLException {
    try {
      return open.write(guard, batch);
    } catch (SQLException e) {
      if (!contradicts(e)) {
        throw e;
      }
      open.rollback();
      if (missesTable(e)) {
        // Nobody has made this day's partitions, for days.
        open.ensurePartitions();
        return open.write(guard, batch);
      }
      return open.find(guard, batch).orElseThrow(() -> e);
    }
  }

  private static boolean missesTable(SQLException failure) {
    return NO_PARTITION.equals(failure.getSQLState()) || NO_TABLE.equals(failure.getSQLState());
  }

  private JournalSession fresh() throws SQLException {
    if (session == null) {
      session = JournalSession.open(database, cell, role, ticker);
    }
    return session;
  }

  private <T> T attempt(Step<T> step) {
    try {
      return step.run();
    } catch (SQLException e) {
      if (CellFence.refused(e)) {
        undo();
        throw new JournalException.EpochLost(Objects.toString(e.getMessage()));
      }
      if (contradicts(e)) {
        undo();
        throw new JournalException.Mismatch(Objects.toString(e.getMessage()));
      }
      close();
      throw new JournalException.Unavailable(Objects.toString(e.getMessage()), e);
    } catch (RuntimeException e) {
      undo();
      throw e;
    }
  }

  private void undo() {
    try {
      if (session != null) {
        session.rollback();
      }
    } catch (SQLException e) {
      close();
    }
  }

  /**
   * True if the server said no to the batch itself, so that it will say no again: a count that
   * differs, a key that exists, a value that no column takes. Such an answer comes before {@code
   * COMMIT} is looked at, so nothing was written.
   */
  private static boolean contradicts(SQLException failure) {
    String state = Objects.requireNonNullElse(failure.getSQLState(), "");
    return state.equals("WF003")
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("42")
        || state.startsWith("54");
  }

  private interface Step<T> {
    T run() throws SQLException;
  }
}
