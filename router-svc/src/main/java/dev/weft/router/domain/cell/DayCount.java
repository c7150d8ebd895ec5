package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.UncountedDay;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's day of UTC, and whether what it has cost before is known: the store is asked once for
 * all ends that memory was not told.
 */
final class DayCount {

  private static final long MILLIS = Duration.ofDays(1).toMillis();

  private long begin;

  /** What must be summed up from stored attempts can be asked for once this commit is durable. */
  private long countAfter;

  private @Nullable UncountedDay asked;
  private boolean counted;

  /**
   * @param countAfter the last commit that may hold an end which was not told
   */
  DayCount(long nowMillis, long countAfter) {
    this.begin = begin(nowMillis);
    this.countAfter = countAfter;
  }

  private static long begin(long millis) {
    return millis - Math.floorMod(millis, MILLIS);
  }

  long beginMillis() {
    return begin;
  }

  Instant begin() {
    return Instant.ofEpochMilli(begin);
  }

  /** Since 1970. */
  long number() {
    return number(begin);
  }

  static long number(long millis) {
    return Math.floorDiv(millis, MILLIS);
  }

  Instant resets() {
    return Instant.ofEpochMilli(begin + MILLIS);
  }

  boolean counted() {
    return counted;
  }

  /** The store alone can tell what this commit ends. */
  void recount(long commit) {
    counted = false;
    asked = null;
    countAfter = commit;
  }

  /**
   * Up to this commit everything is stored, and nothing that is stored later has an earlier time.
   *
   * @return whether the question is put by this: all ends that are told from now on come beside
   */
  boolean durable(long commit, Instant time, String tenant, String currency) {
    if (counted || asked != null || commit < countAfter) {
      return false;
    }
    asked = new UncountedDay(tenant, currency, begin(), time);
    return true;
  }

  Optional<UncountedDay> asked() {
    return Optional.ofNullable(asked);
  }

  /** Whether this is the question, which is answered by that. */
  boolean answered(UncountedDay question) {
    if (!question.equals(asked)) {
      return false;
    }
    asked = null;
    counted = true;
    return true;
  }

  /** Begins the day anew if another has come; answers whether it has. */
  boolean roll(long nowMillis) {
    long day = begin(nowMillis);
    if (day <= begin) {
      return false;
    }
    begin = day;
    asked = null;
    counted = true;
    return true;
  }
}
