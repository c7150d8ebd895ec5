package dev.weft.registry.lease;

import dev.weft.platform.lease.LeaseHolding;
import dev.weft.registry.app.Holding;

/** The lease of role registry. */
public final class CellHolding extends LeaseHolding implements Holding {

  /** The role in the lease's row. */
  public static final String ROLE = "registry";
}
