package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.PriorityClass;

/**
 * What one shape of work asks for in one class, of all tenants.
 *
 * @param queued waiting for a worker or for their time
 * @param running that hold a lease
 * @param oldestMillis how long the first in line has waited; 0 when nothing waits for a worker
 */
public record DemandOfShape(
    Requirements need, PriorityClass priority, long queued, long running, long oldestMillis) {

  DemandOfShape plus(DemandOfShape other) {
    return new DemandOfShape(
        need,
        priority,
        queued + other.queued,
        running + other.running,
        Math.max(oldestMillis, other.oldestMillis));
  }
}
