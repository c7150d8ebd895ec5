package dev.weft.gateway.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether an amount may be used.
 *
 * @param nearest the limit that refused it, or has the least left
 * @param usage how much of that limit is used up
 * @param local whether this gateway's own part of the rate is what counts now
 * @param delay how long to wait before the next try; zero if it is allowed
 */
public record RateVerdict(
    boolean allowed, RateBound nearest, long usage, boolean local, Duration delay) {

  private static final Duration LEAST = Duration.ofMillis(1);

  /**
   * How one limit stands.
   *
   * @param left in its bucket
   * @param delay until the amount is there
   */
  public record State(RateBound bound, long left, Duration delay) {

    private double share() {
      return left / (double) bound.limit();
    }
  }

  static RateVerdict allowed(List<State> states, boolean local) {
    State nearest = states.stream().min(Comparator.comparingDouble(State::share)).orElseThrow();
    return new RateVerdict(true, nearest.bound, usage(nearest), local, Duration.ZERO);
  }

  static RateVerdict refused(List<State> states, boolean local) {
    State last = states.stream().max(Comparator.comparing(State::delay)).orElseThrow();
    Duration delay = last.delay.compareTo(LEAST) < 0 ? LEAST : last.delay;
    return new RateVerdict(false, last.bound, usage(last), local, delay);
  }

  /** What the shared buckets said, all of which gave the amount or none. */
  public static RateVerdict shared(List<RateBound> bounds, List<Grant> grants, long amount) {
    boolean allowed = grants.getFirst().granted() == amount;
    List<State> states = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i++) {
      RateBound bound = bounds.get(i);
      Grant grant = grants.get(i);
      Duration refill = bound.rate().refill((double) amount - grant.left());
      states.add(new State(bound, grant.left(), grant.opensIn().plus(refill)));
    }
    return allowed ? allowed(states, false) : refused(states, false);
  }

  /** Rounded up. */
  public long delayMillis() {
    return Math.ceilDiv(delay.toNanos(), 1_000_000L);
  }

  private static long usage(State state) {
    return Math.clamp(state.bound.limit() - state.left, 0, state.bound.limit());
  }
}
