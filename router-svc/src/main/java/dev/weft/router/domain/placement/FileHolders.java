package dev.weft.router.domain.placement;

import dev.weft.router.domain.task.WorkerId;
import java.util.List;

/**
 * Which workers have the files of one task already, so that a start there fetches little or
 * nothing: a bonus in the composite score, never a condition.
 *
 * @param workers the one that had them last comes first; the others have an older state of them
 */
public record FileHolders(List<WorkerId> workers) {

  public static final FileHolders NONE = new FileHolders(List.of());

  /** As many as are remembered of one task. */
  public static final int MOST = 3;

  /** Beside the score's own weights, whose sum is 1. */
  static final double WEIGHT = 0.5;

  private static final double OLDER = 0.5;

  public FileHolders {
    workers = List.copyOf(workers);
    if (workers.size() > MOST) {
      throw new IllegalArgumentException(
          "workers: %d (expected: at most %d)".formatted(workers.size(), MOST));
    }
  }

  public boolean isEmpty() {
    return workers.isEmpty();
  }

  /** How much of the files a worker has, as far as is known: 0..1. */
  double term(WorkerId worker) {
    int place = workers.indexOf(worker);
    if (place < 0) {
      return 0;
    }
    return place == 0 ? 1 : OLDER;
  }
}
