package dev.weft.scaler.app;

/** Who is the cell's one active scaler, as far as this replica knows. */
public interface Holding {

  /** Whether this replica holds the lease, though it may still be loading. */
  boolean mine();

  /** Where the holder is dialled; empty if nobody is known to hold. */
  String address();

  /** A write was refused: this epoch is over. */
  void over(long epoch);
}
