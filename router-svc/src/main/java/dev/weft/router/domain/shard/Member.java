package dev.weft.router.domain.shard;

import org.jspecify.annotations.Nullable;

/** A user that is known, where it is, and how much of its work is under way. One thread. */
public final class Member {

  /** Of one that came before the stored ones were read, and of one that is forgotten. */
  static final int NOWHERE = 0;

  private final UserKey key;

  /** The shard that has it. */
  int shard = NOWHERE;

  /** The shard to which it belongs. */
  int target = NOWHERE;

  /** When it was last heard of, in days since 1970. */
  int day;

  /** Neighbours among those that belong to the same shard. */
  @Nullable Member before;

  @Nullable Member after;

  private int underWay;

  Member(UserKey key) {
    this.key = key;
  }

  public UserKey key() {
    return key;
  }

  /** The number of the shard that has it; 0 while that is not known. */
  public int shard() {
    return shard;
  }

  /** One more attempt of it is leased. */
  public void began() {
    underWay++;
  }

  /** One of those is over. */
  public void ended() {
    underWay--;
  }

  /** Whether an attempt of it is leased, so that its files are in use there. */
  public boolean busy() {
    return underWay > 0;
  }

  boolean leaving() {
    return shard != target;
  }

  Seat seat() {
    return new Seat(key, shard, day);
  }
}
