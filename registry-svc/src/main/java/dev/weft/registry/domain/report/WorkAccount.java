package dev.weft.registry.domain.report;

/**
 * Folds the totals that incarnations report into the statistics of the worker's life. A report may
 * be lost, repeated or late: what counts is how much the newest total of an incarnation exceeds the
 * one counted before.
 *
 * @param incarnation the newest that has reported
 * @param counted its total that is already in the statistics
 */
public record WorkAccount(LifetimeStatistics lifetime, long incarnation, CompletedWork counted) {

  public static final WorkAccount EMPTY =
      new WorkAccount(LifetimeStatistics.NONE, 0, CompletedWork.NONE);

  /** The account with this report in it; the same object if it says nothing new. */
  public WorkAccount report(long reporting, CompletedWork total) {
    if (reporting < incarnation) {
      return this;
    }
    CompletedWork before = reporting == incarnation ? counted : CompletedWork.NONE;
    if (total.equals(before) || total.olderThan(before)) {
      return this;
    }
    return new WorkAccount(lifetime.plus(total.since(before)), reporting, total);
  }
}
