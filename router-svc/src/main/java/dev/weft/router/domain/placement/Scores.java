package dev.weft.router.domain.placement;

import dev.weft.router.domain.region.Geography;
import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A policy's scores. Classes with the same weights share one, so that mostly there is only one. */
public final class Scores {

  private final int[] byClass = new int[PriorityClass.values().length];
  private final List<ScorePolicy> distinct = new ArrayList<>();

  private Scores(Map<PriorityClass, Weights> weights, Geography geography, Set<String> sunny) {
    List<Weights> known = new ArrayList<>();
    weights.forEach(
        (priority, own) -> {
          if (!known.contains(own)) {
            known.add(own);
            distinct.add(new FourTermScore(own, geography, sunny));
          }
          byClass[priority.code()] = known.indexOf(own);
        });
  }

  public static Scores of(PlacementPolicy policy) {
    return of(policy, Geography.STANDARD, Set.of());
  }

  /**
   * @param sunny regions in which heavy work should rather run now
   */
  public static Scores of(PlacementPolicy policy, Geography geography, Set<String> sunny) {
    return new Scores(policy.weights(), geography, sunny);
  }

  public int count() {
    return distinct.size();
  }

  /** Which of them the class has. */
  public int index(PriorityClass priority) {
    return byClass[priority.code()];
  }

  public ScorePolicy get(int index) {
    return distinct.get(index);
  }
}
