package dev.weft.router.domain.limit;

import dev.weft.router.domain.task.PriorityClass;
import java.util.List;

/**
 * Where a tenant stands with its limits.
 *
 * @param levels of each class, P0 first
 * @param users those who wait for their limits or hold most, not all
 */
public record TenantLevels(TenantTier tier, List<OfClass> levels, List<OfUser> users) {

  public TenantLevels {
    levels = List.copyOf(levels);
    users = List.copyOf(users);
  }

  /**
   * A user, each of whom has {@link TenantTier#userLimit}.
   *
   * @param used what its work holds
   * @param waiting its tasks that wait for its limit alone
   */
  public record OfUser(String user, Level used, int waiting) {}

  /**
   * A class's limit.
   *
   * @param limit what its work and that of all classes below may hold together
   * @param used what they hold
   */
  public record OfClass(PriorityClass priority, Level limit, Level used) {}
}
