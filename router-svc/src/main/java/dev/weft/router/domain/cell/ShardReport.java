package dev.weft.router.domain.cell;

import dev.weft.router.domain.shard.ShardFigures;
import dev.weft.router.domain.task.WorkerId;
import java.util.List;

/**
 * The shards at one moment.
 *
 * @param users that a shard is made for; 0: there are none
 * @param version of the last changes
 */
public record ShardReport(int users, long version, List<Line> shards) {

  /**
   * One shard.
   *
   * @param workers that serve it, the first ones first
   * @param memoryTaken bytes promised to what runs on them
   */
  public record Line(
      ShardFigures figures, List<WorkerId> workers, long memoryTaken, long memoryBytes) {}
}
