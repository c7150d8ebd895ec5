package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A policy's scores. Classes with the same weights share one, so that mostly there is only one. */
public final class Scores {

  private final int[] byClass = new int[PriorityClass.values().length];
  private final List<ScorePolicy> distinct = new ArrayList<>();

  private Scores(Map<PriorityClass, Weights> weights) {
    List<Weights> known = new ArrayList<>();
    weights.forEach(
        (priority, own) -> {
          if (!known.contains(own)) {
            known.add(own);
            distinct.add(new FourTermScore(own));
          }
          byClass[priority.code()] = known.indexOf(own);
        });
  }

  public static Scores of(PlacementPolicy policy) {
    return new Scores(policy.weights());
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
