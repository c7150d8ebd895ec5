package dev.weft.router.app;

import dev.weft.router.domain.placement.Weights;

/** The stored, versioned policies. */
public interface PolicyBook {

  /**
   * The newest weights. Blocks.
   *
   * @throws JournalException.Unavailable no connection, or it broke in between
   */
  Weights weights();
}
