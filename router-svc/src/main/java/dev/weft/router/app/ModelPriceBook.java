package dev.weft.router.app;

import dev.weft.router.domain.cost.DatedPrice;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;

/**
 * The stored prices of models. Every method blocks and throws {@link JournalException.Unavailable}
 * without a connection, or when it broke in between.
 */
public interface ModelPriceBook {

  /** As it is now, with what it was. */
  ModelPrices read();

  /**
   * The table's next version.
   *
   * @param price without a currency to take the model's away
   * @param author tenant and principal
   * @throws JournalException.EpochLost another replica holds the cell
   */
  DatedPrice put(long epoch, ModelPrice price, String author);
}
