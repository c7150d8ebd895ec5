package dev.weft.platform.lease;

/**
 * Told of gain and loss of a cell, one call after another on a thread of their own, so that they
 * may block while the lease goes on beating. {@link CellLease#held()} changes at once, before the
 * call comes.
 */
public interface LeaseListener {

  /**
   * This process holds the cell under the given epoch. If it throws, the lease is given back and
   * contended for again after a pause.
   */
  void acquired(long epoch);

  /** This process no longer holds the cell: whatever it still writes is refused. */
  void lost();
}
