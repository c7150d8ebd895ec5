package dev.weft.router.domain.shard;

import java.util.List;
import java.util.Set;

/** Stored shards and changes of them for tests, of which none has ended. */
public final class Shards {

  public static final StoredShards NONE = stored(0, List.of(), List.of());

  private Shards() {}

  public static StoredShards stored(long version, List<Shard> split, List<Seat> seats) {
    return new StoredShards(version, split, Set.of(), seats);
  }

  public static ShardChanges changes(
      long version, List<Shard> shards, List<UserKey> forgotten, List<Seat> seats) {
    return new ShardChanges(version, shards, List.of(), forgotten, seats, List.of());
  }
}
