package dev.weft.router.domain.cell;

import dev.weft.router.domain.outlier.Suspicion.Cause;
import java.util.Map;

/**
 * Workers that stood out, of this placer.
 *
 * @param out now, counted once for each kind of work
 * @param spared how often one stayed since as many were out as may be
 * @param byCause how often one was put out
 */
public record Ejections(int out, long spared, Map<Cause, Long> byCause) {

  public Ejections {
    byCause = Map.copyOf(byCause);
  }

  public long of(Cause cause) {
    return byCause.getOrDefault(cause, 0L);
  }
}
