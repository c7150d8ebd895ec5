package dev.weft.router.app;

import java.util.Optional;

/**
 * What is stored for single tenants, and read by a takeover. Every method blocks and throws {@link
 * JournalException.Unavailable} without a connection, or when it broke in between; each may be
 * repeated.
 *
 * @param <T> what is stored
 */
public interface TenantBook<T> {

  /**
   * In place of the tenant's last.
   *
   * @param author tenant and principal
   * @throws JournalException.EpochLost another replica holds the cell
   */
  void put(long epoch, T terms, String author);

  /**
   * Whether there was any.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   */
  boolean remove(long epoch, String tenant);

  /** What is stored; empty without any. */
  Optional<T> of(String tenant);
}
