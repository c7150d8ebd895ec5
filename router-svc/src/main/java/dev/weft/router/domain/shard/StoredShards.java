package dev.weft.router.domain.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is stored, or a part of it.
 *
 * @param version of the last change
 * @param tree of all shards
 * @param seats of users, each in one of them
 * @param more whether seats of other users follow
 */
public record StoredShards(long version, ShardTree tree, List<Seat> seats, boolean more) {

  /**
   * @throws IllegalArgumentException if a user is in no shard of the tree
   */
  public StoredShards {
    seats = List.copyOf(seats);
    for (Seat seat : seats) {
      if (!tree.has(seat.shard())) {
        throw new IllegalArgumentException(
            "a user's shard: %d (expected: one that is stored)".formatted(seat.shard()));
      }
    }
  }

  /**
   * All of it.
   *
   * @param split all shards but the first, by their numbers
   * @param ended the numbers of those that users leave for good
   * @throws IllegalArgumentException if they are out of order, or a user is in none of them
   */
  public StoredShards(long version, List<Shard> split, Set<Integer> ended, List<Seat> seats) {
    this(version, ShardTree.of(split, ended), seats, false);
  }

  /** All but the first, by their numbers. */
  public List<Shard> split() {
    return tree.split();
  }

  /** The same in parts of so many users at most, the last of which says so. */
  public List<StoredShards> parts(int most) {
    List<StoredShards> parts = new ArrayList<>();
    int from = 0;
    do {
      int until = Math.min(seats.size(), from + most);
      boolean further = until < seats.size();
      parts.add(new StoredShards(version, tree, seats.subList(from, until), further || more));
      from = until;
    } while (from < seats.size());
    return parts;
  }
}
