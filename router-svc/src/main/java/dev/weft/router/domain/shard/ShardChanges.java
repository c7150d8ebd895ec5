package dev.weft.router.domain.shard;

import java.util.List;

/**
 * What is to be stored, all of it or nothing; again does no harm.
 *
 * @param version of the whole with these changes
 * @param shards new ones, by their numbers
 * @param forgotten users without a row from now on, unless they have a seat here
 */
public record ShardChanges(
    long version, List<Shard> shards, List<UserKey> forgotten, List<Seat> seats) {

  public ShardChanges {
    shards = List.copyOf(shards);
    forgotten = List.copyOf(forgotten);
    seats = List.copyOf(seats);
  }

  public boolean isEmpty() {
    return shards.isEmpty() && forgotten.isEmpty() && seats.isEmpty();
  }
}
