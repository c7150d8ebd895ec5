package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellLoader;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The cell's own thread: takes inputs in their order, hands one group commit at a time to the {@link
 * Committer}, and lets effects out once they are durable. What arrives while a commit is in flight
 * makes the next one; there is no timer.
 */
public final class PlacerLoop implements CellInbox, AutoCloseable {

  private static final Logger LOGGER = Logger.getLogger(PlacerLoop.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** What the loop needs from around it. */
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

  private record Input(Consumer<Cell> act, Consumer<Denial> denied) {}

  private final Committer committer;
  private final Surroundings surroundings;
  private final LongConsumer refused;
  private final Ticker ticker;
  private final Thread thread;
  private final Queue<Input> inputs = new ConcurrentLinkedQueue<>();
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private volatile boolean asleep;
  private volatile boolean stopping;
  private volatile long awaySince;
  private volatile boolean holding;
  private @Nullable Cell cell;
  private boolean committing;
  private long nextTick;

  /**
   * @param refused told the epoch under which the journal no longer writes
   */
  public PlacerLoop(
      CellJournal journal, Surroundings surroundings, LongConsumer refused, Ticker ticker) {
    this.committer = new Committer(journal);
    this.surroundings = surroundings;
    this.refused = refused;
    this.ticker = ticker;
    this.thread = Thread.ofPlatform().daemon().name("placer").unstarted(this::run);
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
          LOGGER.infof("cell loaded epoch=%d tasks=%d", epoch, loaded.view().figures().tasks());
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
    inputs.add(new Input(act, denied));
    wake();
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
    wake();
    committer.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      try {
        turn();
      } catch (RuntimeException e) {
        LOGGER.errorf(e, "the cell's memory is given up and loaded anew");
        giveUp();
      }
      rest();
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
    for (Input input = next(current); input != null; input = next(current)) {
      input.act.accept(current);
    }
    if (now - nextTick >= 0) {
      nextTick = now + TICK_NANOS;
      current.tick();
    }
    if (!committing) {
      current.seal().ifPresent(batch -> write(current, batch));
    }
    EffectRelease.release(current.immediate(), 0, Instant.EPOCH);
  }

  private @Nullable Input next(Cell current) {
    return current.full() ? null : inputs.poll();
  }

  private void write(Cell current, GroupCommit batch) {
    committing = true;
    committer.write(current.epoch(), batch, new Answer(current));
  }

  private void release(Cell current, CommitReceipt receipt, boolean fresh) {
    if (cell != current) {
      return;
    }
    committing = false;
    if (awaySince != 0) {
      awaySince = 0;
      current.databaseAway(false);
    }
    Release release = current.committed(receipt, fresh);
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
    LOGGER.warnf("journal refused epoch=%d error=%s", current.epoch(), cause.getMessage());
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
    Denial reason = surroundings.notHolder();
    if (current != null) {
      EffectRelease.release(current.abandon(reason), 0, Instant.EPOCH);
      current.view().links().forEach(link -> link.close(reason));
      surroundings.dropped(reason);
    }
    denyInputs();
  }

  private void denyInputs() {
    for (Input input = inputs.poll(); input != null; input = inputs.poll()) {
      input.denied.accept(surroundings.notHolder());
    }
  }

  private void event(Runnable event) {
    events.add(event);
    wake();
  }

  private void wake() {
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  private void rest() {
    asleep = true;
    Cell current = cell;
    boolean blocked = current != null && committing && current.full();
    if (events.isEmpty() && (inputs.isEmpty() || blocked) && !stopping) {
      LockSupport.parkNanos(TICK_NANOS);
    }
    asleep = false;
  }

  private final class Answer implements Committer.Outcome {

    private final Cell of;

    Answer(Cell of) {
      this.of = of;
    }

    @Override
    public void written(CommitReceipt receipt, boolean fresh) {
      event(() -> release(of, receipt, fresh));
    }

    @Override
    public void waiting() {
      event(() -> away(of));
    }

    @Override
    public void refused(JournalException cause) {
      event(() -> refuse(of, cause));
    }
  }
}
