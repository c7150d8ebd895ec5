package dev.weft.router.domain.placement;

import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.fleet.Skills;
import java.util.Optional;

/**
 * Among which workers a task looks for its own, and where it should rather run.
 *
 * @param queue that the worker must serve; empty means the default one
 * @param region exact name; empty means anywhere
 * @param effort of a task with a complexity
 */
public record Destination(String queue, String region, Optional<Effort> effort) {

  /** Every region, the default queue. */
  public static final Destination ANYWHERE = new Destination(Skills.DEFAULT_QUEUE, "");

  public Destination {
    queue = queue.isEmpty() ? Skills.DEFAULT_QUEUE : queue;
  }

  /** Of a task without complexity. */
  public Destination(String queue, String region) {
    this(queue, region, Optional.empty());
  }

  boolean inDefaultQueue() {
    return queue.equals(Skills.DEFAULT_QUEUE);
  }

  boolean prefersPlace() {
    return effort.isPresent() && effort.get().places().prefers();
  }
}
