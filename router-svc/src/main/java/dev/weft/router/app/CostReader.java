package dev.weft.router.app;

import java.util.concurrent.CompletionStage;

/**
 * Sums of what attempts cost, over committed state; asynchronous in the way of {@link CellReader},
 * and apart from it, so that a long sum keeps no look-up waiting.
 */
public interface CostReader {

  int MOST_UNPRICED = 20;

  /** Fails with {@link TooMuch} when the sum takes too long. */
  CompletionStage<CostPage> costs(CostQuery query);

  /** There is more than can be summed up in the time that a query has. */
  final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooMuch(Throwable cause) {
      super("the sum takes too long", cause);
    }
  }
}
