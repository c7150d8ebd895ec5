package dev.weft.router.domain.placement;

import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;
import java.util.Optional;

/**
 * The record of one choice, or of why a shape waits.
 *
 * @param task and
 * @param attempt what was placed; empty and 0 for a shape that waits
 * @param candidates best first, at most eight
 * @param remedy what would let the work start; empty when it was placed
 */
public record Decision(
    Optional<TaskId> task,
    int attempt,
    Optional<WorkerId> winner,
    List<ScoredCandidate> candidates,
    List<Rejection> rejections,
    Basis basis,
    String remedy) {

  Decision with(List<ScoredCandidate> others) {
    return new Decision(task, attempt, winner, others, rejections, basis, remedy);
  }

  /** The same, of a user of that shard. */
  Decision inShard(int shard) {
    return new Decision(
        task, attempt, winner, candidates, rejections, basis.inShard(shard), remedy);
  }

  /**
   * What the choice rests on.
   *
   * @param algorithm an {@link Algorithm}'s name; empty for a shape that waits
   * @param effort of a task with a complexity
   * @param shard whose workers were preferred; 0 for none
   */
  public record Basis(
      String algorithm,
      String weightsVersion,
      long fleetRevision,
      Optional<Effort> effort,
      int shard) {

    Basis inShard(int its) {
      return new Basis(algorithm, weightsVersion, fleetRevision, effort, its);
    }
  }
}
