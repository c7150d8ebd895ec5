package dev.weft.router.app;

import dev.weft.platform.lifecycle.VitalThreads;
import dev.weft.platform.time.Ticker;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.CellView;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The cell's own thread: takes inputs in their order, hands one group commit at a time to the
 * {@link Committer}, and lets effects out once they are durable. What arrives while a commit is in
 * flight makes the next one; there is no timer.
 */
public final class PlacerLoop implements CellInbox, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PlacerLoop.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long STOP_MILLIS = 2_000;

  /** For what was begun: unlike NOT_HOLDER it does not say that nothing was done. */
  private static final Denial UNKNOWN =
      Denial.of(Denial.Reason.CELL_UNAVAILABLE, "the cell moved before the outcome was known");

  private final Committer committer;
  private final Surroundings surroundings;
  private final LongConsumer refused;
  private final Ticker ticker;
  private final Thread thread;
  private final Rest rest;
  private final CrashPoints crashes;
  private final InputQueue inputs = new InputQueue();
  private final InputQueue urgent = new InputQueue();
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;
  private volatile long awaySince;
  private volatile boolean holding;
  private volatile CellView.@Nullable Figures figures;
  private @Nullable Cell cell;
  private boolean committing;
  private long nextTick;

  /**
   * @param refused told the epoch under which the journal no longer writes
   */
  public PlacerLoop(
      CellJournal journal,
      Surroundings surroundings,
      LongConsumer refused,
      Ticker ticker,
      CrashPoints crashes) {
    this.crashes = crashes;
    this.committer = new Committer(journal);
    this.surroundings = surroundings;
    this.refused = refused;
    this.ticker = ticker;
    this.nextTick = ticker.nanos();
    this.thread = VitalThreads.named("placer").unstarted(this::run);
    this.rest = new Rest(thread);
  }

  public void start() {
    thread.start();
  }

  /** This process holds the cell: loads it, then begins. Blocks until it is loaded. */
  public void acquired(long epoch) {
    CellLoader loader = committer.load(epoch, () -> surroundings.loader(epoch));
    event(
        () -> {
          Cell loaded = loader.cell(ticker.nanos());
          surroundings.prepare(loaded);
          cell = loaded;
          committing = false;
          awaySince = 0;
          holding = true;
          LOG.infof("cell loaded epoch=%d tasks=%d", epoch, loaded.view().figures().tasks());
        });
  }

  /** This process no longer holds the cell. */
  public void lost() {
    holding = false;
    committer.drop();
    event(this::drop);
  }

  @Override
  public void tell(Consumer<Cell> act, Consumer<Denial> denied) {
    inputs.add(act, denied);
    rest.end();
  }

  @Override
  public void tellNow(Consumer<Cell> act, Consumer<Denial> denied) {
    urgent.add(act, denied);
    rest.end();
  }

  @Override
  public int backlog() {
    return inputs.size();
  }

  /** What the cell held a moment ago; empty on a replica that does not hold it. */
  public Optional<CellView.Figures> figures() {
    return Optional.ofNullable(figures);
  }

  /** Whether the cell is loaded here. */
  public boolean holding() {
    return holding;
  }

  /** How long the database has not answered, in milliseconds; 0 while it does. */
  public long awayMillis() {
    long since = awaySince;
    return since == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - since);
  }

  /** Ends the thread after the commit in flight; callers that wait are denied. */
  @Override
  public void close() {
    stopping = true;
    rest.end();
    join();
    committer.close();
    join();
  }

  private void join() {
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping || committing) {
      try {
        turn();
      } catch (RuntimeException e) {
        LOG.errorf(e, "the cell's memory is given up and loaded anew");
        giveUp();
      }
      rest.unless(this::busy, TICK_NANOS);
    }
    events.forEach(Runnable::run);
    drop();
  }

  private void turn() {
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      event.run();
    }
    Cell current = cell;
    if (current == null) {
      denyInputs();
      return;
    }
    long now = ticker.nanos();
    current.now(now);
    InputQueue.Input input = urgent.poll();
    for (; input != null; input = urgent.poll()) {
      input.act().accept(current);
    }
    for (input = next(current); input != null; input = next(current)) {
      input.act().accept(current);
    }
    if (now - nextTick >= 0) {
      nextTick = now + TICK_NANOS;
      current.tick();
      figures = current.view().figures();
    }
    if (!committing && !stopping) {
      current.seal().ifPresent(batch -> write(current, batch));
    }
    EffectRelease.release(current.immediate(), 0, Instant.EPOCH);
  }

  private InputQueue.@Nullable Input next(Cell current) {
    return current.full() ? null : inputs.poll();
  }

  private void write(Cell current, GroupCommit batch) {
    committing = true;
    crashes.beforeCommit();
    committer.write(current.epoch(), batch, answer(current, batch));
  }

  private void release(Cell current, GroupCommit batch, CommitReceipt receipt, boolean fresh) {
    if (cell != current) {
      return;
    }
    committing = false;
    current.now(ticker.nanos());
    if (awaySince != 0) {
      awaySince = 0;
      current.databaseAway(false);
    }
    Release release = current.committed(receipt, fresh);
    crashes.afterCommit(batch, release);
    EffectRelease.release(release.effects(), release.commit(), release.commitTime());
    surroundings.released(release);
  }

  private void away(Cell current) {
    if (cell == current && awaySince == 0) {
      awaySince = ticker.nanos();
      current.databaseAway(true);
    }
  }

  private void refuse(Cell current, JournalException cause) {
    LOG.warnf("journal refused epoch=%d error=%s", current.epoch(), cause.getMessage());
    if (cell == current) {
      giveUp();
    }
  }

  private void giveUp() {
    Cell current = cell;
    if (current != null) {
      holding = false;
      drop();
      refused.accept(current.epoch());
    }
  }

  private void drop() {
    Cell current = cell;
    cell = null;
    figures = null;
    committing = false;
    Denial reason = surroundings.notHolder();
    if (current != null) {
      EffectRelease.release(current.abandon(UNKNOWN), 0, Instant.EPOCH);
      current.view().links().forEach(link -> link.close(reason));
      surroundings.dropped(reason);
    }
    denyInputs();
  }

  private void denyInputs() {
    urgent.deny(surroundings::notHolder);
    inputs.deny(surroundings::notHolder);
  }

  private void event(Runnable event) {
    events.add(event);
    rest.end();
  }

  /**
   * Whether a turn would find something; inputs wait while neither draft nor journal takes more.
   */
  private boolean busy() {
    Cell current = cell;
    boolean blocked = current != null && committing && current.full();
    boolean idle = events.isEmpty() && urgent.isEmpty() && (inputs.isEmpty() || blocked);
    boolean unfinished = current != null && !committing && current.unfinished();
    return stopping || unfinished || !idle;
  }

  private Committer.Outcome answer(Cell of, GroupCommit batch) {
    return new Committer.Outcome() {
      @Override
      public void written(CommitReceipt receipt, boolean fresh) {
        event(() -> release(of, batch, receipt, fresh));
      }

      @Override
      public void waiting() {
        event(() -> away(of));
      }

      @Override
      public void refused(JournalException cause) {
        event(() -> refuse(of, cause));
      }
    };
  }
}
