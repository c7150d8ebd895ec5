package dev.weft.router.domain.cost;

/**
 * Where a tenant stands with its budget in tokens.
 *
 * @param daily 0 without one
 * @param used what its work has told of today
 * @param reserved what its running work holds beyond that
 */
public record TokenStanding(long daily, long used, long reserved) {

  /** What is neither used nor reserved; never below 0. */
  public long left() {
    return Math.max(0, daily - TokenCount.sum(used, reserved));
  }
}
