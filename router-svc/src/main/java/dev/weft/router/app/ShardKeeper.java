package dev.weft.router.app;

import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.CellUsers;
import dev.weft.router.domain.cell.ShardReport;
import dev.weft.router.domain.shard.Shard;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.task.TaskId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * On the replica that holds the cell brings the shards' memory and rows together: reads them after
 * a takeover, which does not wait for it, and hands them to the cell in parts, each of a moment's
 * work; stores what changes, and finds out whose those tasks are that run since before the
 * takeover. While no task has a user it asks the database once.
 */
public final class ShardKeeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ShardKeeper.class);

  /** Users of a part: about a millisecond of the cell's thread. */
  static final int PART = 1_000;

  private final CellInbox inbox;
  private final ShardBook book;
  private final CellReader reader;
  private final KeeperRounds rounds =
      new KeeperRounds("router-shards", "shards are not stored", this::keep);

  public ShardKeeper(CellInbox inbox, ShardBook book, CellReader reader) {
    this.inbox = inbox;
    this.book = book;
    this.reader = reader;
  }

  public void start() {
    rounds.start();
  }

  /** One round. */
  public void keep() {
    ask(cell -> new Held(cell.epoch(), cell.users().due())).ifPresent(this::keep);
  }

  private void keep(Held held) {
    CellUsers.Due due = held.due;
    if (due.adopt()) {
      adopt(held.epoch, book.load());
    }
    if (!due.strangers().isEmpty()) {
      Map<TaskId, String> known = read(due.strangers());
      tell(held.epoch, users -> users.learn(known));
    }
    ShardChanges changes = due.changes();
    if (!changes.isEmpty()) {
      book.save(held.epoch, changes);
      tell(held.epoch, users -> users.stored(changes));
      for (Shard shard : changes.shards()) {
        LOG.infof(
            "shard split shard=%d parent=%d reason=%s",
            shard.number(), shard.parent(), shard.reason());
      }
      for (int shard : changes.ended()) {
        LOG.infof("shard joined to its parent shard=%d", shard);
      }
    }
  }

  /** Each part when the one before is in its place, so that the cell does other work in between. */
  private void adopt(long epoch, StoredShards stored) {
    for (StoredShards part : stored.parts(PART)) {
      if (!ask(cell -> adopt(cell, epoch, part)).orElse(false)) {
        return;
      }
    }
  }

  private static boolean adopt(Cell cell, long epoch, StoredShards part) {
    boolean its = cell.epoch() == epoch;
    if (its) {
      cell.users().adopt(part);
    }
    return its;
  }

  /** One of which there is no row is nobody's. */
  private Map<TaskId, String> read(Set<TaskId> tasks) {
    Map<TaskId, String> users = new HashMap<>();
    tasks.forEach(task -> users.put(task, ""));
    users.putAll(reader.users(tasks).toCompletableFuture().join());
    return users;
  }

  /**
   * The shards now. Fails with {@link TaskQueries.Denied} on a replica that does not hold the cell.
   */
  public CompletionStage<ShardReport> report() {
    return TaskQueries.tell(inbox, cell -> cell.users().report());
  }

  /** Empty on a replica that does not hold the cell. */
  private <T> Optional<T> ask(Function<Cell, T> question) {
    try {
      return Optional.of(TaskQueries.tell(inbox, question).toCompletableFuture().join());
    } catch (CompletionException e) {
      if (TaskQueries.denied(e).isPresent()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A cell that was lost meanwhile is loaded anew, with what is stored. */
  private void tell(long epoch, Consumer<CellUsers> news) {
    inbox.tellNow(
        cell -> {
          if (cell.epoch() == epoch) {
            news.accept(cell.users());
          }
        },
        denial -> {});
  }

  @Override
  public void close() {
    rounds.close();
  }

  private record Held(long epoch, CellUsers.Due due) {}
}
