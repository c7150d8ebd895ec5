package dev.weft.router.app;

import dev.weft.router.domain.cell.CellUsers;
import dev.weft.router.domain.cell.ShardReport;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.shard.Shard;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.task.TaskId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * On the replica that holds the cell brings the shards' memory and rows together: reads them after
 * a takeover, which does not wait for it, stores what changes, and finds out whose those tasks are
 * of which only the spec says it. While no task has a user it asks the database once.
 */
public final class ShardKeeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ShardKeeper.class);

  private final CellInbox inbox;
  private final ShardBook book;
  private final CellReader reader;
  private final SpecUsers specs;
  private final KeeperRounds rounds =
      new KeeperRounds("router-shards", "shards are not stored", this::keep);

  public ShardKeeper(CellInbox inbox, ShardBook book, CellReader reader, SpecUsers specs) {
    this.inbox = inbox;
    this.book = book;
    this.reader = reader;
    this.specs = specs;
  }

  public void start() {
    rounds.start();
  }

  /** One round. */
  public void keep() {
    due().ifPresent(this::keep);
  }

  private void keep(Held held) {
    CellUsers.Due due = held.due;
    if (due.adopt()) {
      StoredShards stored = book.load();
      tell(held.epoch, users -> users.adopt(stored));
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
    }
  }

  private Map<TaskId, String> read(Set<TaskId> tasks) {
    List<StoredSpec> found = reader.specs(tasks).toCompletableFuture().join();
    Map<TaskId, String> users = new HashMap<>();
    tasks.forEach(task -> users.put(task, ""));
    found.forEach(spec -> users.put(spec.task(), specs.user(spec.spec())));
    return users;
  }

  /**
   * The shards now. Fails with {@link TaskQueries.Denied} on a replica that does not hold the cell.
   */
  public CompletionStage<ShardReport> report() {
    return TaskQueries.tell(inbox, cell -> cell.users().report());
  }

  private Optional<Held> due() {
    try {
      return Optional.of(
          TaskQueries.tell(inbox, cell -> new Held(cell.epoch(), cell.users().due()))
              .toCompletableFuture()
              .join());
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
