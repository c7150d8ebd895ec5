package dev.weft.router.domain.placement;

import dev.weft.router.domain.fleet.Skills;

/**
 * Among which workers a task looks for its own.
 *
 * @param queue that the worker must serve; empty means the default one
 * @param region exact name; empty means anywhere
 */
public record Destination(String queue, String region) {

  /** Every region, the default queue. */
  public static final Destination ANYWHERE = new Destination(Skills.DEFAULT_QUEUE, "");

  public Destination {
    queue = queue.isEmpty() ? Skills.DEFAULT_QUEUE : queue;
  }

  boolean inDefaultQueue() {
    return queue.equals(Skills.DEFAULT_QUEUE);
  }
}
