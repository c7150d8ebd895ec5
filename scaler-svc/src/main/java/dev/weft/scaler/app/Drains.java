package dev.weft.scaler.app;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The placer, which takes workers out of use. */
@FunctionalInterface
public interface Drains {

  /** How far it is. */
  enum Progress {
    /** It gets no more work; some of it still runs. */
    DRAINING,
    /** It gets no work and runs none; durable. */
    DRAINED,
    /** The placer knows no such worker, so it has given it nothing. */
    UNKNOWN
  }

  /**
   * Takes a worker out of use, or asks how far that is.
   *
   * @param grace for what runs there; only the first one counts
   * @return fails while no placer answers
   */
  CompletionStage<Progress> drain(String workerId, Duration grace);
}
