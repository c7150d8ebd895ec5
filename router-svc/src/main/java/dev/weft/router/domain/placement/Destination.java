package dev.weft.router.domain.placement;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.fleet.Skills;
import java.util.Optional;

/**
 * Among which workers a task looks for its own, and where it should rather run.
 *
 * @param queue that the worker must serve; empty means the default one
 * @param region exact name; empty means anywhere
 * @param budget that the worker's price must be within
 * @param effort of a task with a complexity
 */
public record Destination(String queue, String region, Budget budget, Optional<Effort> effort) {

  /** Every region, the default queue, at any price. */
  public static final Destination ANYWHERE = new Destination(Skills.DEFAULT_QUEUE, "");

  public Destination {
    queue = queue.isEmpty() ? Skills.DEFAULT_QUEUE : queue;
  }

  /** At any price, of a task without complexity. */
  public Destination(String queue, String region) {
    this(queue, region, Budget.NONE, Optional.empty());
  }

  boolean inDefaultQueue() {
    return queue.equals(Skills.DEFAULT_QUEUE);
  }

  boolean prefersPlace() {
    return effort.isPresent() && effort.get().places().prefers();
  }
}
