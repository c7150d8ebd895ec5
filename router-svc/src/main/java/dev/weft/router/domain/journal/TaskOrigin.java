package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.Urgency;

/**
 * The columns of a task's hot row that never change.
 *
 * @param shape the interned requirements, see {@link ShapeRow}
 * @param seq the task's place in the cell's order, given at its submit's commit
 * @param expiresAtMillis database time; a task still waiting then ends EXPIRED
 */
public record TaskOrigin(
    String tenant,
    Urgency urgency,
    int shape,
    long seq,
    RetryTerms retry,
    Affinity affinity,
    long expiresAtMillis) {

  public PriorityClass priority() {
    return urgency.priority();
  }
}
