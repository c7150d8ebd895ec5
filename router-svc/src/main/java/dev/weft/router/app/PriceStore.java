package dev.weft.router.app;

import dev.weft.router.domain.cost.SeenPrice;
import java.util.List;

/** Since when which worker costs how much. */
public interface PriceStore {

  /**
   * Keeps what differs from the worker's last price, from the time at which it was seen; a worker's
   * first price counts for all time before. Blocks; may be repeated.
   *
   * @throws JournalException.EpochLost another replica holds the cell
   * @throws JournalException.Unavailable no connection, or it broke in between
   */
  void keep(long epoch, List<SeenPrice> prices);
}
