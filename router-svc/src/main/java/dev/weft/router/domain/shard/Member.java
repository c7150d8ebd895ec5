package dev.weft.router.domain.shard;

/** A user that is known, and where it is. One thread. */
public final class Member {

  /** Of one that came before the stored ones were read. */
  static final int NOWHERE = 0;

  final UserKey key;

  /** The shard that has it. */
  int shard = NOWHERE;

  /** The shard to which it belongs. */
  int target = NOWHERE;

  /** When it was last heard of, in days since 1970. */
  int day;

  Member(UserKey key) {
    this.key = key;
  }

  /** The number of the shard that has it; 0 while that is not known. */
  public int shard() {
    return shard;
  }

  boolean leaving() {
    return shard != target;
  }

  Seat seat() {
    return new Seat(key, shard, day);
  }
}
