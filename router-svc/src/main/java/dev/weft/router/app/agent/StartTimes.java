package dev.weft.router.app.agent;

import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What agents' starts took, from the wish to the body that lives, by the database's clock: of the
 * like of each other, the last fifty. Starts that were held back after a death do not count. Only
 * what this placer has seen is known. Safe for threads.
 */
public final class StartTimes {

  /** Fewer say nothing. */
  static final int LEAST = 3;

  static final int KEPT = 50;
  private static final int MOST_KINDS = 256;
  private static final int MOST_STARTING = 20_000;
  private static final int USUAL_PERCENT = 50;
  private static final int LATEST_PERCENT = 90;

  private final Function<Agent, String> tier;
  private final Map<String, Sample> byKind = bounded(MOST_KINDS);
  private final Map<AgentId, Start> starting = bounded(MOST_STARTING);

  /** A start under way. */
  private record Start(String kind, Instant began) {}

  /**
   * What starts like it took.
   *
   * @param usual half of them took no longer
   * @param latest nine of ten took no longer
   * @param starts how many there were
   */
  public record Estimate(Duration usual, Duration latest, int starts) {}

  /** What starts of one kind took, the oldest giving way. */
  private static final class Sample {
    private final long[] millis = new long[KEPT];
    private long count;

    void add(long one) {
      millis[(int) (count++ % KEPT)] = one;
    }

    Optional<Estimate> estimate() {
      int size = (int) Math.min(count, KEPT);
      if (size < LEAST) {
        return Optional.empty();
      }
      long[] sorted = Arrays.copyOf(millis, size);
      Arrays.sort(sorted);
      return Optional.of(new Estimate(at(sorted, USUAL_PERCENT), at(sorted, LATEST_PERCENT), size));
    }

    /** The nearest rank. */
    private static Duration at(long[] sorted, int percent) {
      return Duration.ofMillis(sorted[Math.ceilDiv(percent * sorted.length, 100) - 1]);
    }
  }

  /**
   * @param tier what of an agent decides how long its starts take, beside whether it wakes
   */
  public StartTimes(Function<Agent, String> tier) {
    this.tier = tier;
  }

  /** When the start of an agent began that has no living body yet; empty for any other. */
  public static Optional<Instant> began(Agent agent) {
    return switch (agent.state().phase()) {
      case PENDING, PROVISIONING -> Optional.of(agent.stamps().created());
      case WAKING -> Optional.of(agent.stamps().since());
      case RUNNING, HIBERNATING, HIBERNATED, TERMINATED, FAILED -> Optional.empty();
    };
  }

  /** An agent was changed; in any order. */
  public synchronized void changed(Agent agent) {
    Optional<Instant> began = began(agent);
    if (began.isPresent() && agent.past().youngDeaths() == 0) {
      starting.put(agent.id(), new Start(kind(agent), began.get()));
      return;
    }
    Start start = starting.remove(agent.id());
    if (start != null && agent.state().phase() == Phase.RUNNING) {
      long took = Duration.between(start.began, agent.stamps().since()).toMillis();
      byKind.computeIfAbsent(start.kind, _ -> new Sample()).add(Math.max(0, took));
    }
  }

  /** How long a start takes that is under way; empty while too little is known, and for others. */
  public synchronized Optional<Estimate> estimate(Agent agent) {
    Sample sample = began(agent).isEmpty() ? null : byKind.get(kind(agent));
    return sample == null ? Optional.empty() : sample.estimate();
  }

  /** One that wakes has files to fetch. */
  private String kind(Agent agent) {
    String first = agent.state().phase() == Phase.WAKING ? "wake/" : "first/";
    return first + tier.apply(agent);
  }

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }
}
