package dev.weft.artifact.app.output;

import dev.weft.platform.telemetry.LogKeys;
import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a replica does for logs by itself: seals what has been silent, signs what it owns, closes
 * what has lost its writer, takes over what has lost its owner too, makes artifacts of what is
 * closed, and forgets what is old. Called about every 100 ms; every piece of work runs at most once
 * at a time.
 */
public final class LogUpkeeping {

  private static final Logger LOG = Logger.getLogger(LogUpkeeping.class);
  private static final Duration LOST_CHECK = Duration.ofSeconds(1);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
  private static final Duration CLAIM = Duration.ofMinutes(10);
  private static final Duration ARCHIVE_LOOK = Duration.ofSeconds(1);
  private static final Duration SWEEP = Duration.ofMinutes(10);
  private static final int BATCH = 100;
  private static final String ARCHIVE = "archive";
  private static final String FORGET = "forget old logs";

  private final OutputLogs logs;
  private final LogUpkeep upkeep;
  private final LogArchive archive;
  private final Duration retention;
  private final Ticker ticker;
  private final OutputTimes times;
  private final Map<String, Long> due = new HashMap<>();
  private final Set<String> running = new HashSet<>();

  /** Said once, not at every try. */
  private final Set<String> failing = new HashSet<>();

  /**
   * @param retention of closed logs
   */
  public LogUpkeeping(OutputLogs logs, LogUpkeep upkeep, LogArchive archive, Duration retention) {
    this.logs = logs;
    this.upkeep = upkeep;
    this.archive = archive;
    this.retention = retention;
    this.ticker = logs.around().ticker();
    this.times = logs.around().times();
  }

  /** One round. */
  public void tick() {
    logs.all().forEach(LogKeeper::tick);
    every("sign", times.sign(), () -> sign(logs.all()));
    every("look whether streamless logs are still ours", LOST_CHECK, () -> sign(streamless()));
    every("ask for gone writers", ASK_AGAIN.dividedBy(2), this::endOrphans);
    every("take over abandoned logs", times.abandoned().dividedBy(2), this::adopt);
    every(ARCHIVE, ARCHIVE_LOOK, () -> archive(BATCH));
    every(FORGET, SWEEP, this::forget);
  }

  private List<LogKeeper> streamless() {
    return logs.all().stream().filter(k -> k.detachedAt() != Long.MAX_VALUE).toList();
  }

  private CompletionStage<?> sign(List<LogKeeper> keepers) {
    if (keepers.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    Map<UUID, LogKeeper> byId = new HashMap<>();
    List<LogStore.Sign> signs = new ArrayList<>();
    for (LogKeeper keeper : keepers) {
      byId.put(keeper.row().id(), keeper);
      signs.add(new LogStore.Sign(keeper.row().id(), keeper.epoch(), keeper.received()));
    }
    Map<UUID, Long> epochs = new HashMap<>();
    signs.forEach(sign -> epochs.put(sign.id(), sign.epoch()));
    return logs.around()
        .rows()
        .sign(signs)
        .thenAccept(
            lost -> {
              for (UUID id : lost) {
                LogKeeper keeper = byId.get(id);
                // A stream that came meanwhile has raised the epoch itself.
                if (keeper != null && keeper.epoch() == epochs.getOrDefault(id, -1L)) {
                  keeper.lose();
                }
              }
            });
  }

  private CompletionStage<?> endOrphans() {
    long before = ticker.nanos() - times.writerGone().toNanos();
    List<CompletableFuture<?>> asked = new ArrayList<>();
    for (LogKeeper keeper : streamless()) {
      if (keeper.detachedAt() - before <= 0 && keeper.isOpen()) {
        asked.add(ifOver(keeper.row(), () -> keeper.abandon(0)).toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }

  private CompletionStage<?> adopt() {
    return upkeep
        .abandoned(times.abandoned(), BATCH)
        .thenCompose(
            rows ->
                CompletableFuture.allOf(
                    rows.stream()
                        .filter(row -> logs.find(row.key()).isEmpty())
                        .map(row -> ifOver(row, () -> logs.adopt(row)).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
  }

  private CompletionStage<Void> ifOver(LogRow row, Runnable action) {
    return logs.authority()
        .isOver(row.writer(), row.key().taskId(), row.key().attempt())
        .thenAccept(
            over -> {
              if (over) {
                action.run();
              }
            });
  }

  /** One after the other until none is left; the rest of a crowd at the next round. */
  private CompletionStage<Void> archive(int most) {
    if (most == 0) {
      dueNow(ARCHIVE);
      return CompletableFuture.completedStage(null);
    }
    return upkeep
        .claimUnarchived(CLAIM)
        .thenCompose(
            claimed ->
                claimed.isEmpty()
                    ? CompletableFuture.<Void>completedStage(null)
                    : archive.archive(claimed.get()).thenCompose(done -> archive(most - 1)));
  }

  private CompletionStage<?> forget() {
    return upkeep
        .sweep(retention, BATCH)
        .thenAccept(
            gone -> {
              if (gone >= BATCH) {
                dueNow(FORGET);
              }
            });
  }

  private synchronized void dueNow(String work) {
    due.remove(work);
  }

  private interface Work {
    CompletionStage<?> start();
  }

  private void every(String name, Duration pause, Work work) {
    long now = ticker.nanos();
    synchronized (this) {
      Long at = due.get(name);
      if (running.contains(name) || (at != null && now - at < 0)) {
        return;
      }
      due.put(name, now + pause.toNanos());
      running.add(name);
    }
    CompletionStage<?> stage;
    try {
      stage = work.start();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    stage.whenComplete((done, failure) -> ended(name, failure));
  }

  private synchronized void ended(String name, @Nullable Throwable failure) {
    running.remove(name);
    if (failure == null) {
      failing.remove(name);
    } else if (failing.add(name)) {
      LOG.warnf("not done, trying again: work=%s %s=%s", name, LogKeys.ERROR, failure);
    }
  }
}
