package dev.weft.registry.domain.health;

/**
 * What the judge says of a connected worker. It makes a worker eligible or not; it never re-queues
 * anything.
 */
public sealed interface HealthVerdict {

  /** Work may go there. */
  record Healthy() implements HealthVerdict {}

  /** Work must not go there; the reason is that of the worst layer when it fell. */
  record Unhealthy(String reason) implements HealthVerdict {}
}
