package dev.weft.scaler.domain.plan;

import dev.weft.scaler.domain.pool.Restarts;
import java.util.List;

/** What is to be done for a pool now, in this order. */
public record Plan(List<Action> actions, Restarts restarts) {

  public Plan {
    actions = List.copyOf(actions);
  }

  public boolean isEmpty() {
    return actions.isEmpty();
  }
}
