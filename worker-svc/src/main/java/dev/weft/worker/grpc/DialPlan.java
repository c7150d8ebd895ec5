package dev.weft.worker.grpc;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.time.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where and when to dial next: the address that a replica named, else the known ones in turn. All
 * of them are tried in quick succession, then comes a pause that grows from round to round; never
 * in step with other workers. Not safe for threads.
 */
final class DialPlan {

  /** Where to dial, and after which pause. */
  record Dial(String address, Duration pause) {}

  private static final int HINTS_IN_A_ROW = 3;

  private final Backoff backoff;
  private final RandomGenerator random;
  private int next;
  private int failures;
  private int hints;
  private boolean rounded;

  DialPlan(Backoff backoff, RandomGenerator random) {
    this.backoff = backoff;
    this.random = random;
  }

  /** A stream stands: the next failure is a first one. */
  void connected() {
    failures = 0;
    hints = 0;
    rounded = false;
  }

  /**
   * The next dial.
   *
   * @param known the addresses that are known now, at least one
   * @param follow whether addresses that replicas name can be reached from here
   * @param failure why the last stream ended; null at the start or when it ended well
   */
  Dial next(List<String> known, boolean follow, @Nullable MeshProblem failure) {
    if (failure == null) {
      return new Dial(known.get(Math.floorMod(next, known.size())), Duration.ZERO);
    }
    String hint = failure.metadata().getOrDefault("address", "");
    if (follow && !hint.isEmpty() && hints < HINTS_IN_A_ROW) {
      hints++;
      next = Math.max(known.indexOf(hint), 0);
      return new Dial(hint, jitter());
    }
    next++;
    hints = 0;
    failures++;
    int rounds = failures / known.size();
    rounded |= rounds >= 2;
    String address = known.get(Math.floorMod(next, known.size()));
    boolean roundEnds = failures % known.size() == 0;
    return new Dial(address, roundEnds ? backoff.delay(Math.min(rounds, 30), random) : jitter());
  }

  /** None of the addresses has answered twice: they may be old. */
  boolean exhausted() {
    return rounded;
  }

  private Duration jitter() {
    return Duration.ofNanos(random.nextLong(10_000_000, 100_000_000));
  }
}
