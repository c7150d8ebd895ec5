package dev.weft.router.domain.shard;

import java.time.Duration;

/**
 * When a shard is split, and among how many workers its users are.
 *
 * @param users that a shard is made for; it is split at a fifth more. 0: there are no shards
 * @param memory share of its workers' memory above which it is split
 * @param workers that serve a shard rather than others
 */
public record ShardPolicy(int users, double memory, int workers) {

  public static final ShardPolicy STANDARD = new ShardPolicy(1_000, 0.8, 8);

  public static final ShardPolicy OFF = new ShardPolicy(0, 0.8, 8);

  /** After a split, until its memory is judged: what moves does so at its own pace. */
  static final Duration QUIET = Duration.ofMinutes(10);

  /** A split is not undone before it is so old: what has gone for an hour may be back by night. */
  static final Duration LEAST_AGE = Duration.ofDays(1);

  /** Each pick for one of its users looks at all of them. */
  public static final int MOST_WORKERS = 16;

  public static final int MOST_USERS = 100_000;

  public ShardPolicy {
    check("users", users, 0, MOST_USERS);
    check("workers", workers, 1, MOST_WORKERS);
    if (!(memory > 0 && memory <= 1)) {
      throw new IllegalArgumentException("memory: " + memory + " (expected: above 0, up to 1)");
    }
  }

  /**
   * As it is set.
   *
   * @param setting before the part's name
   * @throws IllegalArgumentException naming the setting, its value and what was expected
   */
  public static ShardPolicy of(String setting, int users, int memoryPercent, int workers) {
    check(setting + "_USERS", users, 0, MOST_USERS);
    check(setting + "_MEMORY_PERCENT", memoryPercent, 1, 100);
    check(setting + "_WORKERS", workers, 1, MOST_WORKERS);
    return new ShardPolicy(users, memoryPercent / 100.0, workers);
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(what, value, least, most));
    }
  }

  public boolean on() {
    return users > 0;
  }

  /** Users that a shard may have. */
  public int most() {
    return users + users / 5;
  }

  boolean isTooLarge(int itsUsers) {
    return itsUsers > most();
  }

  /**
   * Whether its memory may be reason to split a shard: there is whom to move, and the last split
   * has done what it could.
   *
   * @param leaving users that are still to move
   */
  boolean isSettled(int itsUsers, int leaving, Duration sinceSplit) {
    return itsUsers > 1 && isQuiet(leaving, sinceSplit);
  }

  /** Whether the last split, or its end, has done what it could. */
  boolean isQuiet(int leaving, Duration sinceChange) {
    return leaving == 0 && sinceChange.compareTo(QUIET) >= 0;
  }

  /**
   * Whether the last split of a shard may be undone: so few users are left in both halves that the
   * whole would have to more than double before it is split again.
   *
   * @param together users of both
   * @param age of the split
   */
  boolean isTooSmall(int together, Duration age) {
    return together <= users / 2 && age.compareTo(LEAST_AGE) >= 0;
  }

  /** Whether both halves' workers have so much memory left that this is no reason to split. */
  boolean isRoomy(int half, int other, ShardMemory shares) {
    double most = memory * 3 / 4;
    return shares.of(half) <= most && shares.of(other) <= most;
  }

  /** Whether a shard's workers have too little memory left, and others have some. */
  boolean isTooFull(int shard, ShardMemory shares) {
    return shares.of(shard) > memory && shares.beside(shard) <= memory;
  }
}
