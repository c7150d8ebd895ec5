package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LiveLog;
import dev.weft.artifact.domain.output.LogFull;
import dev.weft.artifact.domain.output.LogState;
import dev.weft.artifact.domain.output.NumberLeftOut;
import dev.weft.artifact.domain.output.Reading;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A log that this replica owns, its writer's stream and its readers. Everything happens under its
 * own lock; whom it concerns is told after the lock is released.
 */
public final class LogKeeper {

  private static final Logger LOG = Logger.getLogger(LogKeeper.class);

  private final LogRow row;
  private final LiveLog log;
  private final Surroundings around;
  private final Consumer<LogKeeper> over;
  private final WriterSeat seat;
  private final LogSealing sealing;
  private final List<Runnable> effects = new ArrayList<>();
  private final Set<Runnable> caughtUp = new LinkedHashSet<>();
  private boolean finished;
  private long held;

  /**
   * @param row as it was taken
   * @param over is told once, when the log is closed or lost
   */
  LogKeeper(LogRow row, Surroundings around, Consumer<LogKeeper> over) {
    long now = around.ticker().nanos();
    this.row = row;
    this.around = around;
    this.over = over;
    this.log = new LiveLog(around.rules(), row.epoch(), row.sealed(), row.durable().totalBytes());
    this.seat = new WriterSeat(around.rules().windowBytes(), now);
    this.sealing = new LogSealing(row, log, around, this::change);
  }

  LogRow row() {
    return row;
  }

  synchronized long epoch() {
    return log.epoch();
  }

  /** How far it came. */
  synchronized long received() {
    return log.received();
  }

  /** Since when no stream is there; the maximum while one is. */
  public synchronized long detachedAt() {
    return seat.isEmpty() ? seat.emptySince() : Long.MAX_VALUE;
  }

  public synchronized boolean isOpen() {
    return log.state() instanceof LogState.Open;
  }

  /** Whether it is neither closed nor lost. */
  synchronized boolean isAlive() {
    return isOpen() || log.state() instanceof LogState.Ending;
  }

  /** A stream of the writer has come under the epoch of the row; the one before it is over. */
  void attach(WriterLink newcomer, LogRow taken, long firstKept) {
    change(
        now -> {
          seat.leave(now).ifPresent(old -> effects.add(() -> old.close(takenOver())));
          seat.sit(newcomer);
          log.takeUp(taken.epoch(), taken.sealed(), taken.durable().totalBytes(), firstKept, now);
        });
  }

  /** Nobody will write any more; what is known to have been there and is not is a gap. */
  void abandon(long received) {
    change(
        now -> {
          if (seat.isEmpty()) {
            log.missing(received, now);
            log.end();
          }
        });
  }

  /**
   * Takes a frame, or keeps it until there is room: up to a window of them, so that a writer that
   * keeps to its window never holds up its connection.
   *
   * @return false if nothing more may come now: the link is told when it may
   */
  public boolean append(WriterLink from, Frame frame) {
    boolean[] more = new boolean[1];
    change(
        now -> {
          if (!seat.is(from)) {
            throw takenOver();
          }
          if (!seat.holds() && hasRoom(frame)) {
            take(frame, now);
          } else {
            seat.hold(frame);
          }
          more[0] = seat.maySend();
        });
    return more[0];
  }

  /** The stream has gone. */
  public void detach(WriterLink from) {
    change(
        now -> {
          if (seat.is(from)) {
            seat.leave(now);
          }
        });
  }

  /** Whether the stream said that it was the end: it will hear that the log is closed. */
  public synchronized boolean isEnding(WriterLink from) {
    return seat.is(from) && (!isOpen() || seat.holdsEnd());
  }

  /** Another replica owns the log. */
  void lose() {
    change(now -> log.takenOver());
  }

  /** Ends the stream: this process is about to end. */
  void leave(MeshException why) {
    change(
        now -> {
          seat.leave(now).ifPresent(leaving -> effects.add(() -> leaving.close(why)));
          log.takenOver();
        });
  }

  /** Does what is due. */
  void tick() {
    change(
        now -> {
          if (around.budget().isTight()) {
            log.trim(0);
          }
        });
  }

  /** What a reader gets at its place; if nothing, it is told once when there is news. */
  synchronized Reading read(long after, Runnable news) {
    Reading reading = log.read(after);
    if (reading instanceof Reading.CaughtUp) {
      caughtUp.add(news);
    }
    return reading;
  }

  /** The reader does not wait any more. */
  synchronized void forget(Runnable news) {
    caughtUp.remove(news);
  }

  private void change(LogSealing.Change change) {
    RuntimeException refusal = null;
    List<Runnable> due;
    synchronized (this) {
      long now = around.ticker().nanos();
      long before = log.received();
      LogState state = log.state();
      try {
        change.at(now);
      } catch (MeshException | NumberLeftOut | LogFull e) {
        refusal = e;
      }
      settle(now);
      if (log.received() != before || !log.state().equals(state)) {
        effects.addAll(caughtUp);
        caughtUp.clear();
      }
      due = List.copyOf(effects);
      effects.clear();
    }
    // Whatever was refused, what else has become due is done.
    due.forEach(LogKeeper::effect);
    if (refusal != null) {
      throw refusal;
    }
  }

  private static void effect(Runnable effect) {
    try {
      effect.run();
    } catch (RuntimeException e) {
      LOG.warnf(e, "somebody could not be told: %s=%s", LogKeys.ERROR, e);
    }
  }

  /** Brings about what follows from the state. */
  private void settle(long now) {
    takeHeld(now);
    effects.addAll(sealing.due(now, seat.holds()));
    tell(now);
    account();
  }

  private void takeHeld(long now) {
    try {
      seat.handOut(this::hasRoom, frame -> take(frame, now));
    } catch (NumberLeftOut | LogFull e) {
      seat.leave(now).ifPresent(link -> effects.add(() -> link.close(Refusals.of(e))));
    }
    seat.resumed().ifPresent(link -> effects.add(link::resume));
  }

  private void take(Frame frame, long now) {
    log.append(frame.chunks(), now);
    if (frame.end()) {
      log.end();
    }
  }

  private boolean hasRoom(Frame frame) {
    long cost = frame.cost();
    return log.hasRoom(cost) && around.budget().allows(log.unsealedCost(), cost);
  }

  private void tell(long now) {
    switch (log.state()) {
      case LogState.Open open -> ack();
      case LogState.Ending ending -> ack();
      case LogState.Closed closed -> finish(now, link -> link.closed(closed.end().lastNumber()));
      case LogState.TakenOver lost -> finish(now, link -> link.close(takenOver()));
    }
  }

  private void ack() {
    long received = log.received();
    long sealed = log.sealed();
    seat.toTell(received, sealed).ifPresent(link -> effects.add(() -> link.ack(received, sealed)));
  }

  private void finish(long now, Consumer<WriterLink> word) {
    if (!finished) {
      finished = true;
      around.budget().add(-held);
      effects.add(() -> over.accept(this));
    }
    seat.leave(now).ifPresent(link -> effects.add(() -> word.accept(link)));
  }

  private void account() {
    if (!finished) {
      long now = log.cost() + seat.heldCost();
      around.budget().add(now - held);
      held = now;
    }
  }

  private static MeshException takenOver() {
    return new MeshException(
        OutputReason.LOG_TAKEN_OVER, "the log has a newer stream (expected: one at a time)");
  }
}
