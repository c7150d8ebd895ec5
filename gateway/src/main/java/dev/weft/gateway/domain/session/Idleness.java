package dev.weft.gateway.domain.session;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Since when a body is idle, by this gateway's clock; the body says for how long. Less than 5 s is
 * a pause and not idleness, so that watchers are told when it begins and ends and not between two
 * keys. Not safe for threads.
 */
public final class Idleness {

  /** A shorter one is a pause. */
  static final Duration LEAST = Duration.ofSeconds(5);

  /** No body has lived longer; one that says so is believed so much. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /** What was said takes its time: so much later or earlier it is the same. */
  private static final Duration SAME = Duration.ofSeconds(2);

  private int body;
  private Optional<Instant> since = Optional.empty();

  /**
   * A body has said how long it is idle, which may be any length.
   *
   * @return whether that is news
   */
  public boolean heard(int fromBody, Duration idleFor, Instant now) {
    Duration believed = idleFor.compareTo(LONGEST) > 0 ? LONGEST : idleFor;
    Optional<Instant> fresh =
        believed.compareTo(LEAST) < 0
            ? Optional.empty()
            : Optional.of(now.minus(believed).truncatedTo(ChronoUnit.MILLIS));
    boolean same = isSame(since(fromBody), fresh);
    since = same ? since(fromBody) : fresh;
    body = fromBody;
    return !same;
  }

  private static boolean isSame(Optional<Instant> before, Optional<Instant> fresh) {
    return (before.isPresent() && fresh.isPresent())
        ? Duration.between(before.get(), fresh.get()).abs().compareTo(SAME) < 0
        : before.equals(fresh);
  }

  /** Since when that body is; empty if it is not, or has not said so. */
  public Optional<Instant> since(int ofBody) {
    return ofBody == body ? since : Optional.empty();
  }
}
