package dev.weft.router.app;

import dev.weft.router.domain.shard.Seat;
import dev.weft.router.domain.shard.Shard;
import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.StoredShards;
import dev.weft.router.domain.shard.UserKey;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The shards of a {@link FakeCell}. */
public final class FakeShards implements ShardBook {

  private final FakeCell cell;
  private final TreeMap<Integer, Shard> shards = new TreeMap<>();
  private final Set<Integer> ended = new TreeSet<>();
  private final Map<UserKey, Seat> seats = new LinkedHashMap<>();
  private long version;
  private boolean replyIsLost;

  public FakeShards(FakeCell cell) {
    this.cell = cell;
  }

  /** The next change is stored, and its caller does not hear of it. */
  public void loseNextReply() {
    replyIsLost = true;
  }

  @Override
  public StoredShards load() {
    synchronized (cell) {
      return new StoredShards(
          version, List.copyOf(shards.values()), ended, List.copyOf(seats.values()));
    }
  }

  @Override
  public void save(long epoch, ShardChanges changes) {
    synchronized (cell) {
      cell.check(epoch);
      version = changes.version();
      changes.shards().forEach(shard -> shards.putIfAbsent(shard.number(), shard));
      ended.addAll(changes.ended());
      changes.forgotten().forEach(seats::remove);
      changes.seats().forEach(seat -> seats.put(seat.user(), seat));
      changes.gone().forEach(shards::remove);
      ended.retainAll(shards.keySet());
      if (replyIsLost) {
        replyIsLost = false;
        throw new JournalException.Unavailable("lost", new IOException("broken pipe"));
      }
    }
  }
}
