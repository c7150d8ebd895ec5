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
   * @throws TooMany there are more, or they take more memory or time than a replay gets
   * @throws Unreadable a row is of a build that this one does not understand, or damaged
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

    private TooMany(String message) {
      super(message);
    }

    public static TooMany rows(String what, int most) {
      return new TooMany("%s: more than %d".formatted(what, most));
    }

    public static TooMany bytes(long most) {
      return new TooMany("tasks and workers: more than %d MiB".formatted(most >> 20));
    }

    public static TooMany slow() {
      return new TooMany("tasks and workers: a page takes too long to read");
    }
  }

  /** No fault of whoever asks. */
  final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String row, IllegalArgumentException cause) {
      super("%s: %s".formatted(row, cause.getMessage()), cause);
    }
  }
}
