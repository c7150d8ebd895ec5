package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.PriorityClass;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A placer's preferences, made when first asked for. What remembers turns does so for each executor
 * apart. Not thread-safe.
 */
public final class Preferences {

  private final AlgorithmTable table;
  private final RandomGenerator random;
  private final Preference[] composites;
  private final Scores scores;
  private final Preference affinity = new Rendezvous(Algorithm.AFFINITY);
  private final Map<String, Preference[]> byExecutor = new HashMap<>();

  public Preferences(AlgorithmTable table, Scores scores, RandomGenerator random) {
    this.table = table;
    this.random = random;
    this.scores = scores;
    this.composites = new Preference[scores.count()];
    for (int i = 0; i < composites.length; i++) {
      composites[i] = new Composite(scores.get(i));
    }
  }

  /** For a task with an affinity key, whatever its kind. */
  public Preference affinity() {
    return affinity;
  }

  public Preference of(String executor, PriorityClass priority) {
    Preference[] known = byExecutor.get(executor);
    if (known == null) {
      known = made(executor);
      byExecutor.put(executor, known);
    }
    return known[priority.code()];
  }

  private Preference[] made(String executor) {
    PriorityClass[] classes = PriorityClass.values();
    Map<Algorithm, Preference> shared = new EnumMap<>(Algorithm.class);
    Preference[] made = new Preference[classes.length];
    for (PriorityClass priority : classes) {
      Algorithm algorithm = table.of(executor, priority);
      made[priority.code()] =
          switch (algorithm) {
            case COMPOSITE -> composites[scores.index(priority)];
            case PRIORITY_QUEUE -> new ByUrgency(priority.compareTo(PriorityClass.P1) <= 0);
            default -> shared.computeIfAbsent(algorithm, this::made);
          };
    }
    return made;
  }

  private Preference made(Algorithm algorithm) {
    return switch (algorithm) {
      case COMPOSITE -> composites[0];
      case AFFINITY -> affinity;
      case LEAST_CONNECTIONS -> new LeastConnections();
      case ROUND_ROBIN -> Turns.equal();
      case WEIGHTED_ROUND_ROBIN -> Turns.bySlots();
      case CONSISTENT_HASH -> new Rendezvous(Algorithm.CONSISTENT_HASH);
      case PRIORITY_QUEUE -> new ByUrgency(false);
      case RANDOM_WITH_RETRY -> new AnyWorker(random);
      case LEAST_RESPONSE_TIME -> new LeastResponseTime();
      case RESOURCE_BASED -> new MostResources();
      case DYNAMIC_WEIGHTED -> new DynamicWeighted(random);
    };
  }
}
