package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one transaction of the cell writes. Written whole or not at all; written again
 * with the same number it changes nothing.
 *
 * @param head the counters with this commit in; {@code head.commit()} is its number, one more than
 *     the commit before
 * @param specsWanted tasks whose spec the receipt is to carry, since they are leased here and the
 *     placer no longer holds it
 * @param buckets set every few seconds; null leaves the stored ones
 */
public record GroupCommit(
    CellHead head,
    TaskRows tasks,
    List<TenantEvents> events,
    PlacementRows placement,
    List<TaskId> specsWanted,
    @Nullable OpenBuckets buckets) {

  public long number() {
    return head.commit();
  }
}
