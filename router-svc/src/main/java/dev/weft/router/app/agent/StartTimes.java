package dev.weft.router.app.agent;

import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.AgentId;
import dev.weft.router.domain.agent.AgentState.Phase;
import dev.weft.router.domain.agent.Body;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What agents' starts took, from the wish to the body that lives, by the database's clock: of the
 * like of each other, the last fifty. Starts that were held back after a death do not count. An
 * agent whose body lives tells its start whenever it is looked at, so that the next placer knows it
 * as well. Safe for threads.
 */
public final class StartTimes {

  /** Fewer say nothing. */
  static final int LEAST = 3;

  static final int KEPT = 50;
  private static final int MOST_KINDS = 256;
  private static final int USUAL_PERCENT = 50;
  private static final int LATEST_PERCENT = 90;

  private final Function<Agent, String> tier;
  private final Map<String, Sample> byKind =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sample> eldest) {
          return size() > MOST_KINDS;
        }
      };

  /**
   * What starts like it took.
   *
   * @param usual half of them took no longer
   * @param latest nine of ten took no longer
   * @param starts how many there were
   */
  public record Estimate(Duration usual, Duration latest, int starts) {}

  /** Names one start: whose it was, and when its body lived. */
  private record Start(Instant lived, AgentId agent) {
    static final Comparator<Start> ORDER =
        Comparator.comparing(Start::lived).thenComparing(Start::agent);
  }

  /** What starts of one kind took, in milliseconds, the oldest giving way. */
  private static final class Sample {
    private final TreeMap<Start, Long> millis = new TreeMap<>(Start.ORDER);

    void add(Start start, long took) {
      millis.put(start, took);
      if (millis.size() > KEPT) {
        millis.pollFirstEntry();
      }
    }

    Optional<Estimate> estimate() {
      if (millis.size() < LEAST) {
        return Optional.empty();
      }
      long[] sorted = millis.values().stream().mapToLong(Long::longValue).sorted().toArray();
      return Optional.of(
          new Estimate(at(sorted, USUAL_PERCENT), at(sorted, LATEST_PERCENT), sorted.length));
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

  /**
   * Counts the start of the agent's living body, if there is one. May be told of it again, and in
   * any order: each start counts once.
   */
  public void seen(Agent agent) {
    if (agent.past().youngDeaths() == 0) {
      agent
          .body()
          .ifPresent(body -> body.started().ifPresent(lived -> started(agent, body, lived)));
    }
  }

  private void started(Agent agent, Body body, Instant lived) {
    long took = Math.max(0, Duration.between(wished(agent, body), lived).toMillis());
    add(kind(agent, isFirst(body)), new Start(lived, agent.id()), took);
  }

  /** The id of a later body's task is minted with the wish for it, by the database's clock. */
  private static Instant wished(Agent agent, Body body) {
    return isFirst(body)
        ? agent.stamps().created()
        : Instant.ofEpochMilli(body.task().mintedAtMillis());
  }

  private static boolean isFirst(Body body) {
    return body.number() == 1;
  }

  private synchronized void add(String kind, Start start, long took) {
    byKind.computeIfAbsent(kind, _ -> new Sample()).add(start, took);
  }

  /** How long a start takes that is under way; empty while too little is known, and for others. */
  public Optional<Estimate> estimate(Agent agent) {
    return began(agent).flatMap(_ -> estimate(kind(agent, agent.state().phase() != Phase.WAKING)));
  }

  private synchronized Optional<Estimate> estimate(String kind) {
    return Optional.ofNullable(byKind.get(kind)).flatMap(Sample::estimate);
  }

  /** One that wakes has files to fetch. */
  private String kind(Agent agent, boolean first) {
    return (first ? "first/" : "wake/") + tier.apply(agent);
  }
}
