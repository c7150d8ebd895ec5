package dev.weft.router.domain.shard;

import java.util.List;

/**
 * What is to be stored, all of it or nothing, in this order; again does no harm.
 *
 * @param version of the whole with these changes
 * @param shards new ones, by their numbers
 * @param ended numbers of those that users leave for good
 * @param forgotten users without a row from now on, unless they have a seat here
 * @param gone numbers of ended ones that nobody is in; with these changes no row names them
 */
public record ShardChanges(
    long version,
    List<Shard> shards,
    List<Integer> ended,
    List<UserKey> forgotten,
    List<Seat> seats,
    List<Integer> gone) {

  public ShardChanges {
    shards = List.copyOf(shards);
    ended = List.copyOf(ended);
    forgotten = List.copyOf(forgotten);
    seats = List.copyOf(seats);
    gone = List.copyOf(gone);
  }

  /** Nothing, after that version. */
  public static ShardChanges none(long version) {
    return new ShardChanges(version, List.of(), List.of(), List.of(), List.of(), List.of());
  }

  public boolean isEmpty() {
    return shards.isEmpty()
        && ended.isEmpty()
        && forgotten.isEmpty()
        && seats.isEmpty()
        && gone.isEmpty();
  }
}
