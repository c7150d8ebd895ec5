package dev.weft.gateway.app;

import dev.weft.platform.time.Ticker;
import java.util.Optional;

/**
 * How many bytes of requests the public ports hold at once.
 *
 * @param known of callers with a token, over REST and gRPC together
 * @param join of machines that want to be workers, whom nobody knows yet
 * @param open of all others without a token; apart, so that they keep no worker out
 */
public record DoorBudgets(ByteBudget known, ByteBudget join, ByteBudget open) {

  /** The largest request must fit. */
  private static final long LEAST = 4L << 20;

  /** What a JSON body becomes on its way is many times its size. */
  private static final int PART_OF_HEAP = 16;

  private static final long FOR_STRANGERS = 1L << 20;

  /**
   * @param heap the most that the JVM may have
   * @param known if it is not to follow from the heap
   */
  public static DoorBudgets of(long heap, Optional<Long> known, Ticker ticker) {
    return new DoorBudgets(
        new ByteBudget(Math.max(LEAST, known.orElse(heap / PART_OF_HEAP)), ticker),
        new ByteBudget(FOR_STRANGERS, ticker),
        new ByteBudget(FOR_STRANGERS, ticker));
  }
}
