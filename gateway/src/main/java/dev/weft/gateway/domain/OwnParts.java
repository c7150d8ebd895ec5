package dev.weft.gateway.domain;

import dev.weft.gateway.domain.RateVerdict.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One gateway's own parts of many rates, while the shared buckets can't be asked, and what these
 * have not been told of yet. A class of a tenant always has one; of tenants' users there are only
 * so many. Times are of one monotonic clock; for one thread at a time.
 */
public final class OwnParts {

  /** All are looked at so seldom for those that are not needed any more. */
  private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  private final int mostUsers;
  private final Map<String, Part> parts = new HashMap<>();
  private final Map<String, Integer> usersOf = new HashMap<>();
  private int users;
  private long sweptAt;

  /**
   * @param mostUsers users' parts that are kept, of all tenants; whoever comes beyond is refused
   */
  public OwnParts(int mostUsers) {
    this.mostUsers = mostUsers;
  }

  private record Part(RateBound bound, LocalTokens tokens) {

    State state(long now, long amount) {
      double level = tokens.level(now);
      // What its own part can't ever hold is the shared bucket's, as soon as that is back.
      Duration delay =
          tokens.mayHold(amount) ? Duration.ofNanos(tokens.refillNanos(amount)) : bound.window();
      return new State(bound, (long) Math.floor(level), delay);
    }
  }

  /**
   * Takes the amount from the own parts of all these limits, or from none.
   *
   * @param since when the shared buckets began to be away
   * @param until until when own parts count
   */
  public RateVerdict take(long now, long since, long until, List<RateBound> bounds, long amount) {
    List<Part> chosen = new ArrayList<>();
    for (RateBound bound : bounds) {
      Part part = part(bound, now, since, until);
      if (part == null) {
        Duration window = bound.window();
        return RateVerdict.refused(List.of(new State(bound, 0, window)), true);
      }
      chosen.add(part);
    }
    boolean allowed = chosen.stream().allMatch(part -> part.tokens.level(now) >= amount);
    if (allowed) {
      chosen.forEach(part -> part.tokens.spend(amount));
    }
    List<State> states = chosen.stream().map(part -> part.state(now, amount)).toList();
    return allowed ? RateVerdict.allowed(states, true) : RateVerdict.refused(states, true);
  }

  private @Nullable Part part(RateBound bound, long now, long since, long until) {
    Part known = parts.get(bound.bucket());
    if (known != null) {
      known.tokens.allow(now, since, until);
      return known;
    }
    sweep(now);
    // A tenant has no more than places are left, so that none ever takes the last one.
    if (bound.ofUser() && usersOf.getOrDefault(bound.tenant(), 0) >= mostUsers - users) {
      return null;
    }
    BucketRate rate = bound.rate();
    LocalTokens tokens = new LocalTokens(rate.localPerNano(), rate.localMost());
    tokens.allow(now, since, until);
    tokens.countFrom(now);
    Part part = new Part(bound, tokens);
    parts.put(bound.bucket(), part);
    count(bound, 1);
    return part;
  }

  private void sweep(long now) {
    if (parts.isEmpty()) {
      sweptAt = now;
    } else if (now - sweptAt >= SWEEP_NANOS) {
      sweptAt = now;
      List<Part> back = parts.values().stream().filter(part -> settled(part, now)).toList();
      back.forEach(part -> remove(part.bound));
    }
  }

  private void remove(RateBound bound) {
    if (parts.remove(bound.bucket()) != null) {
      count(bound, -1);
    }
  }

  private void count(RateBound bound, int more) {
    if (bound.ofUser()) {
      users += more;
      int its = usersOf.getOrDefault(bound.tenant(), 0) + more;
      if (its == 0) {
        usersOf.remove(bound.tenant());
      } else {
        usersOf.put(bound.tenant(), its);
      }
    }
  }

  /** Whether all that it let through has come back meanwhile. */
  private static boolean settled(Part part, long now) {
    return part.tokens.ownPart(now).ended().compareTo(part.bound.window()) >= 0;
  }

  /** What the bucket is to be told. */
  public OwnPart of(RateBound bound, long now) {
    Part part = parts.get(bound.bucket());
    return part == null ? OwnPart.NONE : part.tokens.ownPart(now);
  }

  /**
   * The buckets have been told, and answered.
   *
   * @return whether the answer counts: not if a part has begun since, of which they do not know
   */
  public boolean told(long now, List<RateBound> bounds, List<OwnPart> told) {
    for (int i = 0; i < bounds.size(); i++) {
      Part part = parts.get(bounds.get(i).bucket());
      if (part != null && part.tokens.allowed(now) && !told.get(i).lasts()) {
        return false;
      }
    }
    bounds.forEach(this::remove);
    return true;
  }
}
