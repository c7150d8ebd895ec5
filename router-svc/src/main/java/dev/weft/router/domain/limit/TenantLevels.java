package dev.weft.router.domain.limit;

import dev.weft.router.domain.task.PriorityClass;
import java.util.List;

/**
 * Where a tenant stands with its limits.
 *
 * @param levels of each class, P0 first
 */
public record TenantLevels(TenantTier tier, List<OfClass> levels) {

  public TenantLevels {
    levels = List.copyOf(levels);
  }

  /**
   * A class's limit.
   *
   * @param limit what its work and that of all classes below may hold together
   * @param used what they hold
   */
  public record OfClass(PriorityClass priority, Level limit, Level used) {}
}
