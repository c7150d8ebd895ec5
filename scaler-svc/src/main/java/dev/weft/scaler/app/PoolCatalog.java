package dev.weft.scaler.app;

import dev.weft.scaler.domain.pool.PoolSpec;
import java.util.List;

/** The pools that are configured. */
public interface PoolCatalog {

  /**
   * All of them, with the size that the configuration wishes for.
   *
   * @throws IllegalArgumentException saying where and what was expected
   */
  List<PoolSpec> pools();
}
