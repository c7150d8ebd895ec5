package dev.weft.router.app;

import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.PriceHistory;
import dev.weft.router.domain.replay.Workload;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Reads what a replay needs, in pages, over a connection that lives as long as one call. */
public interface RecordReader {

  /**
   * Blocks.
   *
   * @param most tasks
   * @throws TooMany there are more
   * @throws dev.weft.router.domain.replay.ReplayStopped {@code stop} said so between two pages
   * @throws JournalException.Unavailable no connection, or it broke in between
   */
  Records read(String tenant, Instant since, Instant until, int most, BooleanSupplier stop);

  /**
   * One tenant's tasks of a range, and what was around them.
   *
   * @param fleet changes up to the range's end, from so long before it that everybody who was there
   *     at its start is in
   */
  record Records(Workload workload, List<FleetEvent> fleet, PriceHistory prices) {}

  /** More than a replay takes. */
  final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooMany(String what, int most) {
      super("%s: more than %d".formatted(what, most));
    }
  }
}
