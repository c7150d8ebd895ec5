package dev.weft.router.domain.shard;

import java.util.List;

/**
 * All that is stored.
 *
 * @param version of the last change
 * @param tree of all shards
 * @param seats of users, each in one of them
 */
public record StoredShards(long version, ShardTree tree, List<Seat> seats) {

  public static final StoredShards NONE = new StoredShards(0, List.of(), List.of());

  /**
   * @throws IllegalArgumentException if a user is in no shard of the tree
   */
  public StoredShards {
    seats = List.copyOf(seats);
    for (Seat seat : seats) {
      if (seat.shard() < 1 || seat.shard() > tree.size()) {
        throw new IllegalArgumentException(
            "a user's shard: %d (expected: 1..%d)".formatted(seat.shard(), tree.size()));
      }
    }
  }

  /**
   * @param split all shards but the first, by their numbers
   * @throws IllegalArgumentException if they have gaps, or a user is in none of them
   */
  public StoredShards(long version, List<Shard> split, List<Seat> seats) {
    this(version, ShardTree.of(split), seats);
  }

  /** All but the first, by their numbers. */
  public List<Shard> split() {
    return tree.split();
  }
}
