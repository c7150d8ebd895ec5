package dev.weft.scaler.lease;

import dev.weft.platform.lease.LeaseHolding;
import dev.weft.scaler.app.Holding;

/** The lease of role scaler; until it is contended for, nobody is known to hold it. */
public final class CellHolding extends LeaseHolding implements Holding {

  /** The role in the lease's row. */
  public static final String ROLE = "scaler";
}
