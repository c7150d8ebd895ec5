package dev.weft.artifact.app.output;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.domain.output.LogKey;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.MeshException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The logs that this replica owns, by their keys. */
public final class OutputLogs {

  private final Supplier<Owner> self;
  private final WriterAuthority authority;
  private final Surroundings around;
  private final Supplier<UUID> ids;
  private final int mostLogs;
  private final Map<LogKey, LogKeeper> keepers = new HashMap<>();
  private boolean stopping;

  /**
   * @param self is asked when the first log is opened, not before
   * @param ids of new logs
   * @param mostLogs that are taken in; writers beyond go to another replica
   */
  public OutputLogs(
      Supplier<Owner> self,
      WriterAuthority authority,
      Surroundings around,
      Supplier<UUID> ids,
      int mostLogs) {
    this.self = self;
    this.authority = authority;
    this.around = around;
    this.ids = ids;
    this.mostLogs = mostLogs;
  }

  Owner self() {
    return self.get();
  }

  Surroundings around() {
    return around;
  }

  WriterAuthority authority() {
    return authority;
  }

  /**
   * Takes the log over for a stream. Fails with a MeshException.
   *
   * @param link hears nothing before the stage has ended well
   */
  public CompletionStage<Opened> open(OpenLog open, WriterLink link) {
    return failing(
            () -> {
              requireRoom();
              return around
                  .rows()
                  .ofAttempt(open.taskId(), open.attempt())
                  .thenCompose(known -> tenant(known, open))
                  .thenCompose(
                      tenant -> {
                        LogKey key = new LogKey(tenant, open.taskId(), open.attempt());
                        return around.rows().take(ids.get(), key, open.writer(), self());
                      })
                  .thenApply(row -> attach(row, open, link));
            })
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(Refusals.of(e)));
  }

  /** Takes over a log that has neither writer nor owner, and ends it. */
  CompletionStage<Void> adopt(LogRow abandoned) {
    return around
        .rows()
        .take(abandoned.id(), abandoned.key(), abandoned.writer(), self())
        .thenAccept(
            row -> {
              if (!row.closed()) {
                keeper(row).abandon(row.received());
              }
            });
  }

  /** The log, if this replica owns it. */
  public synchronized Optional<LogKeeper> find(LogKey key) {
    return Optional.ofNullable(keepers.get(key));
  }

  /** All that are owned. */
  public synchronized List<LogKeeper> all() {
    return List.copyOf(keepers.values());
  }

  /** Lets everybody go: writers and readers find another replica. */
  public void stop() {
    synchronized (this) {
      stopping = true;
    }
    for (LogKeeper keeper : all()) {
      keeper.leave(Refusals.unavailable("this replica stops"));
    }
  }

  /** A writer without the lease may go on with a log that it opened before. */
  private CompletionStage<String> tenant(Optional<LogRow> known, OpenLog open) {
    if (known.isEmpty()) {
      return authority.tenant(open.writer(), open.taskId(), open.attempt());
    }
    LogRow row = known.get();
    return row.writer().equals(open.writer())
        ? CompletableFuture.completedFuture(row.key().tenant())
        : CompletableFuture.failedFuture(notTheWriter(open.writer()));
  }

  private Opened attach(LogRow row, OpenLog open, WriterLink link) {
    if (!row.writer().equals(open.writer())) {
      throw notTheWriter(open.writer());
    }
    if (row.closed()) {
      return new Opened.Over(row.epoch(), row.durable());
    }
    LogKeeper keeper = keeper(row);
    keeper.attach(link, row, open.firstKept());
    return new Opened.Ready(keeper, row.epoch(), Math.max(row.sealed() + 1, open.firstKept()));
  }

  /** The keeper that takes up this row: the one that is there if it was the owner just before. */
  private LogKeeper keeper(LogRow row) {
    LogKeeper stale;
    LogKeeper keeper;
    synchronized (this) {
      LogKeeper known = keepers.get(row.key());
      if (known != null && known.epoch() >= row.epoch()) {
        throw new MeshException(OutputReason.LOG_TAKEN_OVER, "the log has a newer stream");
      }
      if (stopping) {
        throw Refusals.unavailable("this replica stops");
      }
      if (known != null && known.isAlive() && known.epoch() == row.epoch() - 1) {
        return known;
      }
      stale = known;
      keeper = new LogKeeper(row, around, this::over);
      keepers.put(row.key(), keeper);
    }
    if (stale != null) {
      stale.lose();
    }
    return keeper;
  }

  private synchronized void over(LogKeeper keeper) {
    keepers.remove(keeper.row().key(), keeper);
  }

  private synchronized void requireRoom() {
    if (stopping) {
      throw Refusals.unavailable("this replica stops");
    }
    if (keepers.size() >= mostLogs) {
      throw Refusals.unavailable("this replica has " + mostLogs + " logs open");
    }
  }

  private static MeshException notTheWriter(Writer writer) {
    return new MeshException(
            ArtifactReason.LEASE_NOT_HELD, "the log has another writer than " + writer.workerId())
        .with("worker_id", writer.workerId());
  }

  private static <T> CompletionStage<T> failing(Supplier<CompletionStage<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
