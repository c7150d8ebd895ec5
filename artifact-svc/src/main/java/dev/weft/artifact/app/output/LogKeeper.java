package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LiveLog;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.LogState;
import dev.weft.artifact.domain.output.Reading;
import dev.weft.artifact.domain.output.Segment;
import dev.weft.platform.error.MeshException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A log that this replica owns, its writer's stream and its readers. Everything happens under its
 * own lock; whom it concerns is told after the lock is released.
 */
public final class LogKeeper {

  private static final Logger LOG = Logger.getLogger(LogKeeper.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final LogRow row;
  private final LiveLog log;
  private final Surroundings around;
  private final Consumer<LogKeeper> over;
  private final List<Runnable> effects = new ArrayList<>();
  private final Set<Runnable> caughtUp = new LinkedHashSet<>();
  private @Nullable WriterLink link;
  private @Nullable Frame parked;
  private long toldReceived = -1;
  private long toldSealed = -1;
  private long detachedAt;
  private long retryAt;
  private int failures;
  private boolean closing;
  private long held;

  /**
   * @param row as it was taken
   * @param over is told once, when the log is closed or lost
   */
  LogKeeper(LogRow row, Surroundings around, Consumer<LogKeeper> over) {
    this.row = row;
    this.around = around;
    this.over = over;
    this.log = new LiveLog(around.rules(), row.epoch(), row.sealed(), row.durable().totalBytes());
    this.detachedAt = around.ticker().nanos();
    this.retryAt = detachedAt;
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
    return link == null ? detachedAt : Long.MAX_VALUE;
  }

  public synchronized boolean isOpen() {
    return log.state() instanceof LogState.Open;
  }

  /** Whether it is neither closed nor lost. */
  synchronized boolean isAlive() {
    return log.state() instanceof LogState.Open || log.state() instanceof LogState.Ending;
  }

  /** A stream of the writer has come under the epoch of the row; the one before it is over. */
  void attach(WriterLink newcomer, LogRow taken, long firstKept) {
    change(
        now -> {
          supersede();
          link = newcomer;
          log.takeUp(taken.epoch(), taken.sealed(), taken.durable().totalBytes(), firstKept, now);
          toldReceived = -1;
          toldSealed = -1;
        });
  }

  /** Nobody will write any more; what is known to have been there and is not is a gap. */
  void abandon(long received) {
    change(
        now -> {
          if (link == null) {
            log.missing(received, now);
            log.end();
          }
        });
  }

  /**
   * Takes a frame.
   *
   * @return false if there is no room: the link is told when it was taken in; nothing else may be
   *     sent before
   */
  public boolean append(WriterLink from, Frame frame) {
    boolean[] taken = new boolean[1];
    change(
        now -> {
          if (from != link) {
            throw takenOver();
          }
          taken[0] = hasRoom(frame);
          if (taken[0]) {
            take(frame, now);
          } else {
            parked = frame;
          }
        });
    return taken[0];
  }

  /** The stream has gone. */
  public void detach(WriterLink from) {
    change(
        now -> {
          if (from == link) {
            link = null;
            parked = null;
            detachedAt = now;
          }
        });
  }

  /** Whether the stream said that it was the end: it will hear that the log is closed. */
  public synchronized boolean isEnding(WriterLink from) {
    Frame waiting = parked;
    return from == link && (!isOpen() || waiting != null && waiting.end());
  }

  /** Another replica owns the log. */
  void lose() {
    change(now -> log.takenOver());
  }

  /** Ends the stream: this process is about to end. */
  void leave(MeshException why) {
    change(
        now -> {
          WriterLink leaving = link;
          link = null;
          parked = null;
          if (leaving != null) {
            effects.add(() -> leaving.close(why));
          }
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

  private interface Change {
    void at(long now);
  }

  private void change(Change change) {
    List<Runnable> due;
    synchronized (this) {
      long now = around.ticker().nanos();
      long before = log.received();
      LogState state = log.state();
      try {
        change.at(now);
      } finally {
        settle(now);
        if (log.received() != before || log.state() != state) {
          effects.addAll(caughtUp);
          caughtUp.clear();
        }
        due = List.copyOf(effects);
        effects.clear();
      }
    }
    due.forEach(Runnable::run);
  }

  /** Brings about what follows from the state. */
  private void settle(long now) {
    Frame waiting = parked;
    WriterLink waiter = link;
    if (waiting != null && waiter != null && hasRoom(waiting)) {
      parked = null;
      try {
        take(waiting, now);
        effects.add(waiter::resume);
      } catch (RuntimeException e) {
        link = null;
        detachedAt = now;
        effects.add(() -> waiter.close(Refusals.of(e)));
      }
    }
    if (now - retryAt >= 0) {
      log.cut(now, parked != null).ifPresent(segment -> seal(segment, log.epoch()));
      if (log.isDrained() && !closing) {
        closing = true;
        close(log.epoch());
      }
    }
    tell();
    account();
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

  private void seal(Segment segment, long epoch) {
    Supplier<CompletionStage<LogStore.Outcome>> sealing =
        () ->
            around
                .bytes()
                .put(row.key(), segment)
                .thenCompose(stored -> around.rows().seal(row.id(), epoch, stored));
    effects.add(
        () ->
            run(
                sealing,
                (outcome, failure, now) -> {
                  if (failure != null) {
                    log.notSealed(epoch);
                  } else if (outcome == LogStore.Outcome.DONE) {
                    log.sealed(epoch, segment);
                  } else if (epoch == log.epoch()) {
                    log.takenOver();
                  }
                }));
  }

  private void close(long epoch) {
    LogEnd end = new LogEnd(log.sealed(), log.sealedBytes());
    effects.add(
        () ->
            run(
                () -> around.rows().close(row.id(), epoch, end),
                (outcome, failure, now) -> {
                  closing = false;
                  if (outcome == LogStore.Outcome.DONE) {
                    log.closed(epoch);
                  } else if (failure == null && epoch == log.epoch()) {
                    log.takenOver();
                  }
                }));
  }

  private interface Ended {
    void with(LogStore.@Nullable Outcome outcome, @Nullable Throwable failure, long now);
  }

  private void run(Supplier<CompletionStage<LogStore.Outcome>> writing, Ended ended) {
    CompletionStage<LogStore.Outcome> stage;
    try {
      stage = writing.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (outcome, failure) ->
            change(
                now -> {
                  backOff(failure, now);
                  ended.with(outcome, failure, now);
                }));
  }

  private void backOff(@Nullable Throwable failure, long now) {
    if (failure == null) {
      failures = 0;
      return;
    }
    long wait = Math.min(FIRST_RETRY.toNanos() << Math.min(failures, 10), LAST_RETRY.toNanos());
    failures++;
    retryAt = now + wait;
    if (failures == 1) {
      LOG.warnf("output is not sealed, trying again: error=%s", failure.toString());
    }
  }

  private void tell() {
    WriterLink told = link;
    switch (log.state()) {
      case LogState.Open open -> ack(told);
      case LogState.Ending ending -> ack(told);
      case LogState.Closed closed ->
          finish(told == null ? null : () -> told.closed(closed.end().lastNumber()));
      case LogState.TakenOver lost -> finish(told == null ? null : () -> told.close(takenOver()));
    }
  }

  private void ack(@Nullable WriterLink told) {
    long received = log.received();
    long sealed = log.sealed();
    if (told != null && (received != toldReceived || sealed != toldSealed)) {
      toldReceived = received;
      toldSealed = sealed;
      effects.add(() -> told.ack(received, sealed));
    }
  }

  private void finish(@Nullable Runnable word) {
    link = null;
    parked = null;
    if (held >= 0) {
      around.budget().add(-held);
      held = -1;
      effects.add(() -> over.accept(this));
    }
    if (word != null) {
      effects.add(word);
    }
  }

  private void account() {
    if (held >= 0) {
      Frame waiting = parked;
      long now = log.cost() + (waiting == null ? 0 : waiting.cost());
      around.budget().add(now - held);
      held = now;
    }
  }

  private void supersede() {
    WriterLink old = link;
    link = null;
    parked = null;
    if (old != null) {
      effects.add(() -> old.close(takenOver()));
    }
  }

  private static MeshException takenOver() {
    return new MeshException(
        OutputReason.LOG_TAKEN_OVER, "the log has a newer stream (expected: one at a time)");
  }
}
