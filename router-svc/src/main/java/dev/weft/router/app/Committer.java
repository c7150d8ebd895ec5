package dev.weft.router.app;

import dev.weft.platform.lifecycle.VitalThreads;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The one thread that blocks on the journal. A batch whose outcome is unknown is handed in again
 * until it is known: nobody may be answered before.
 */
final class Committer implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Committer.class);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** Takes what became of a batch, on the committer's thread. */
  interface Outcome {

    void written(CommitReceipt receipt, boolean fresh);

    /** The database does not answer; the batch is tried again. */
    void waiting();

    /** Nothing of the batch is or will be written. */
    void refused(JournalException cause);
  }

  private final CellJournal journal;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(VitalThreads.named("placer-committer").factory());
  private volatile long epoch;
  private volatile boolean closed;

  Committer(CellJournal journal) {
    this.journal = journal;
  }

  /**
   * Reads what is open under a new epoch; what was still to be written under an older one is
   * refused. Blocks until it is read.
   *
   * @throws JournalException.EpochLost another replica holds the cell by now
   */
  CellLoader load(long newEpoch, Supplier<CellLoader> loaders) {
    epoch = newEpoch;
    try {
      return thread.submit(() -> loadUntilRead(newEpoch, loaders)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException.Unavailable("interrupted while the cell was loaded", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JournalException cause) {
        throw cause;
      }
      throw new IllegalStateException("the cell could not be loaded", e.getCause());
    }
  }

  void write(long underEpoch, GroupCommit batch, Outcome outcome) {
    thread.execute(() -> writeUntilKnown(underEpoch, batch, outcome));
  }

  /** Batches under this or an older epoch are not tried again. */
  void drop() {
    epoch = 0;
  }

  /** Ends after the batch that is being written; what is unknown then stays unknown. */
  @Override
  public void close() {
    closed = true;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CellLoader loadUntilRead(long newEpoch, Supplier<CellLoader> loaders) {
    while (true) {
      try {
        CellLoader loader = loaders.get();
        journal.loadOpen(newEpoch, loader);
        return loader;
      } catch (JournalException.Unavailable e) {
        if (closed || epoch != newEpoch) {
          throw e;
        }
        LOG.warnf("cell not loaded yet, trying again epoch=%d error=%s", newEpoch, e.getMessage());
        pause();
      }
    }
  }

  private void writeUntilKnown(long underEpoch, GroupCommit batch, Outcome outcome) {
    boolean fresh = true;
    while (true) {
      try {
        outcome.written(journal.commit(underEpoch, batch), fresh);
        return;
      } catch (JournalException.Unavailable e) {
        if (closed || epoch != underEpoch) {
          outcome.refused(e);
          return;
        }
        if (fresh) {
          LOG.warnf("journal away, trying on commit=%d error=%s", batch.number(), e.getMessage());
        }
        fresh = false;
        outcome.waiting();
        pause();
      } catch (JournalException.EpochLost | JournalException.Mismatch e) {
        outcome.refused(e);
        return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
