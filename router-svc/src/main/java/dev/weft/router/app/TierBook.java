package dev.weft.router.app;

import dev.weft.router.domain.limit.TenantTier;
import java.util.Optional;

/**
 * The stored tiers of tenants, which a takeover reads. Every method blocks and throws {@link
 * JournalException.Unavailable} without a connection, or when it broke in between; each may be
 * repeated.
 */
public interface TierBook {

  /**
   * In place of the tenant's last.
   *
   * @param author tenant and principal
   * @throws JournalException.EpochLost another replica holds the cell
   */
  void put(long epoch, TenantTier tier, String author);

  /**
   * Whether there was one.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   */
  boolean remove(long epoch, String tenant);

  /** What is stored; empty without a tier. */
  Optional<TenantTier> of(String tenant);
}
