package dev.weft.router.domain.placement;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Complexity;
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
 * @param near region of the user for whom it runs; empty for none
 * @param llmTokens most tokens of models that it may use over all its attempts; 0 for no budget
 */
public record Destination(
    String queue,
    String region,
    Budget budget,
    Optional<Effort> effort,
    String near,
    long llmTokens) {

  /** Every region, the default queue, at any price. */
  public static final Destination ANYWHERE = new Destination(Skills.DEFAULT_QUEUE, "");

  public Destination {
    queue = queue.isEmpty() ? Skills.DEFAULT_QUEUE : queue;
  }

  /** At any price, of a task without complexity. */
  public Destination(String queue, String region) {
    this(queue, region, Budget.NONE, Optional.empty());
  }

  /** Of no user, without a budget in tokens. */
  public Destination(String queue, String region, Budget budget, Optional<Effort> effort) {
    this(queue, region, budget, effort, "", 0);
  }

  /** The same for a task with this effort. */
  public Destination with(Optional<Effort> its) {
    return new Destination(queue, region, budget, its, near, llmTokens);
  }

  boolean inDefaultQueue() {
    return queue.equals(Skills.DEFAULT_QUEUE);
  }

  boolean prefersNear() {
    return !near.isEmpty();
  }

  /** Heavy work that nobody waits for at a screen: it may run wherever it is night. */
  boolean followsSun() {
    return near.isEmpty() && effort.isPresent() && effort.get().complexity() == Complexity.COMPLEX;
  }

  boolean prefersPlace() {
    return effort.isPresent() && effort.get().places().prefers();
  }
}
