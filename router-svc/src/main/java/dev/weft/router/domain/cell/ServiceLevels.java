package dev.weft.router.domain.cell;

import java.util.List;

/**
 * Counts since a placer began; the lists by class.
 *
 * @param met tasks that ended before their deadline
 * @param missed tasks that ended after it, or expired
 * @param shed tasks that were refused since there was too much
 * @param aged leases that went before a higher class because the task was overdue
 * @param preempted attempts that were told to end for a P0 task
 */
public record ServiceLevels(
    List<Long> met, List<Long> missed, List<Long> shed, long aged, long preempted) {

  public ServiceLevels {
    met = List.copyOf(met);
    missed = List.copyOf(missed);
    shed = List.copyOf(shed);
  }
}
