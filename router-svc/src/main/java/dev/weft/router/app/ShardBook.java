package dev.weft.router.app;

import dev.weft.router.domain.shard.ShardChanges;
import dev.weft.router.domain.shard.StoredShards;

/**
 * The stored shards, which a takeover reads. Both methods block and throw {@link
 * JournalException.Unavailable} without a connection, or when it broke in between; both may be
 * repeated.
 */
public interface ShardBook {

  /** May take long. */
  StoredShards load();

  /**
   * All of it or nothing.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   */
  void save(long epoch, ShardChanges changes);
}
