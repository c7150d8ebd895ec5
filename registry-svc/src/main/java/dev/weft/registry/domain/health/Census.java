package dev.weft.registry.domain.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all workers say of the services that they share, in one round of judging. A service that
 * answers nobody is the service's trouble: taking the workers out that noticed would leave nobody.
 */
public final class Census {

  private final Map<String, Said> said = new HashMap<>();

  /**
   * @param blamed the worker is out because of this service already
   */
  void add(String service, Streak streak, boolean blamed) {
    said.computeIfAbsent(service, name -> new Said()).add(streak, blamed);
  }

  /**
   * Whether the service was well for others while this worker found it failing: for at least as
   * many as have trouble with it, this one among them. So one that is alone in the fleet is never
   * blamed, and never more than half of those that ask.
   */
  boolean contradicts(String service, Streak failing) {
    Said all = said.get(service);
    return all != null && all.witnessesAgainst(failing) >= all.troubled;
  }

  private static final class Said {
    private final List<Streak> well = new ArrayList<>();
    private int troubled;
    private @Nullable Sorted sorted;

    void add(Streak streak, boolean blamed) {
      if (streak.well() && !blamed) {
        well.add(streak);
      } else {
        troubled++;
      }
    }

    /** Those whose good answers overlap the failing ones in time. */
    int witnessesAgainst(Streak failing) {
      Sorted times = sorted == null ? Sorted.of(well) : sorted;
      sorted = times;
      int sinceInTime = below(times.since, failing.last() + 1);
      int overBefore = below(times.last, failing.since());
      return sinceInTime - overBefore;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // For one round, compared with nothing.
  private record Sorted(long[] since, long[] last) {
    static Sorted of(List<Streak> streaks) {
      long[] since = streaks.stream().mapToLong(Streak::since).sorted().toArray();
      long[] last = streaks.stream().mapToLong(Streak::last).sorted().toArray();
      return new Sorted(since, last);
    }
  }

  /** How many of these are smaller. */
  private static int below(long[] sorted, long bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
