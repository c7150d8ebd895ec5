package dev.weft.router.domain.cell;

import java.util.HashMap;
import java.util.Map;

/**
 * What a tenant's attempts have used of models lately, by executor: the mean, in which the newest
 * counts for a quarter.
 */
final class SeenUse {

  private static final long WEIGHT = 4;

  private final Map<String, Mean> byExecutor = new HashMap<>();

  /**
   * One has ended.
   *
   * @param micros what its tokens cost
   */
  void ended(String executor, long tokens, long micros) {
    byExecutor.merge(executor, new Mean(tokens, micros), Mean::then);
  }

  /**
   * @param unseen the answer as long as none has ended
   */
  long tokens(String executor, long unseen) {
    Mean mean = byExecutor.get(executor);
    return mean == null ? unseen : mean.tokens;
  }

  /** What those tokens cost; 0 as long as none has ended. */
  long micros(String executor) {
    Mean mean = byExecutor.get(executor);
    return mean == null ? 0 : mean.micros;
  }

  private record Mean(long tokens, long micros) {

    Mean then(Mean next) {
      return new Mean(mix(tokens, next.tokens), mix(micros, next.micros));
    }

    private static long mix(long before, long next) {
      return before - before / WEIGHT - (before % WEIGHT > 0 ? 1 : 0) + next / WEIGHT;
    }
  }
}
