package dev.weft.artifact.app.output;

import dev.weft.artifact.domain.output.LiveLog;
import dev.weft.artifact.domain.output.LogEnd;
import dev.weft.artifact.domain.output.Segment;
import dev.weft.platform.telemetry.LogKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What of a live log is written to storage, and when: its segments one after the other, and its end
 * once all of them are durable. Under its keeper's lock; what it writes is begun after that was
 * released, and how it went is a change of its own.
 */
final class LogSealing {

  private static final Logger LOG = Logger.getLogger(LogSealing.class);

  private final LogRow row;
  private final LiveLog log;
  private final Surroundings around;
  private final Consumer<Change> changing;
  private final Retry retry;
  private boolean closing;

  /** Something that happens to the log, under its keeper's lock. */
  @FunctionalInterface
  interface Change {
    void at(long now);
  }

  /** How a write went; without an outcome there is a failure. */
  @FunctionalInterface
  private interface Ended {
    void with(LogStore.@Nullable Outcome outcome, @Nullable Throwable failure);
  }

  /**
   * @param changing the keeper, who makes changes
   */
  LogSealing(LogRow row, LiveLog log, Surroundings around, Consumer<Change> changing) {
    this.row = row;
    this.log = log;
    this.around = around;
    this.changing = changing;
    this.retry = new Retry(around.ticker().nanos());
  }

  /**
   * The writes that are due now, to be begun without the lock.
   *
   * @param pressed somebody waits for room
   */
  List<Runnable> due(long now, boolean pressed) {
    List<Runnable> writes = new ArrayList<>();
    if (retry.isDue(now)) {
      log.cut(now, pressed).ifPresent(segment -> writes.add(seal(segment, log.epoch())));
      if (log.isDrained() && !closing) {
        closing = true;
        writes.add(close(log.epoch()));
      }
    }
    return writes;
  }

  private Runnable seal(Segment segment, long epoch) {
    Ended ended =
        (outcome, failure) -> {
          if (failure != null) {
            log.notSealed(epoch);
          } else if (outcome == LogStore.Outcome.DONE) {
            log.sealed(epoch, segment);
          } else if (epoch == log.epoch()) {
            log.takenOver();
          }
        };
    return () ->
        run(
            () ->
                around
                    .bytes()
                    .put(row.key(), segment)
                    .thenCompose(stored -> around.rows().seal(row.id(), epoch, stored)),
            ended);
  }

  private Runnable close(long epoch) {
    LogEnd end = new LogEnd(log.sealed(), log.sealedBytes());
    Ended ended =
        (outcome, failure) -> {
          closing = false;
          if (outcome == LogStore.Outcome.DONE) {
            log.closed(epoch);
          } else if (failure == null && epoch == log.epoch()) {
            log.takenOver();
          }
        };
    return () -> run(() -> around.rows().close(row.id(), epoch, end), ended);
  }

  private void run(Supplier<CompletionStage<LogStore.Outcome>> writing, Ended ended) {
    CompletionStage<LogStore.Outcome> stage;
    try {
      stage = writing.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (outcome, failure) -> changing.accept(now -> end(ended, outcome, failure, now)));
  }

  private void end(
      Ended ended, LogStore.@Nullable Outcome outcome, @Nullable Throwable failure, long now) {
    if (failure == null) {
      retry.succeeded();
    } else if (retry.failed(now)) {
      LOG.warnf("output waits for storage: %s=%s", LogKeys.ERROR, failure);
    }
    ended.with(outcome, failure);
  }
}
