package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.placement.FileHolders;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.Urgency;

/**
 * A validated task that wants in.
 *
 * @param lookedUpNanos when, on the monotonic clock, the journal was asked for its key and, if it
 *     was sent before, its id, and knew neither; Long.MAX_VALUE when nothing had to be asked
 * @param holders workers that have its files
 */
public record Submission(
    TaskId id, String tenant, Terms terms, SpecRow spec, long lookedUpNanos, FileHolders holders) {

  /** One of which nobody knows who has its files. */
  public Submission(TaskId id, String tenant, Terms terms, SpecRow spec, long lookedUpNanos) {
    this(id, tenant, terms, spec, lookedUpNanos, FileHolders.NONE);
  }

  /** The same, with who has its files. */
  public Submission heldBy(FileHolders who) {
    return new Submission(id, tenant, terms, spec, lookedUpNanos, who);
  }

  /** The same, looked up at that time. */
  public Submission lookedUpAt(long nanos) {
    return new Submission(id, tenant, terms, spec, nanos, holders);
  }

  /**
   * What its spec says of time and order.
   *
   * @param delayMillis not started before this long after acceptance
   * @param expiryMillis 0 takes the class's own
   */
  public record Terms(
      Urgency urgency,
      Requirements need,
      RetryTerms retry,
      Affinity affinity,
      long delayMillis,
      long expiryMillis) {

    /** Without a key. */
    public Terms(
        Urgency urgency, Requirements need, RetryTerms retry, long delayMillis, long expiryMillis) {
      this(urgency, need, retry, Affinity.NONE, delayMillis, expiryMillis);
    }

    /** With the class's own deadline, without a key. */
    public Terms(
        PriorityClass priority,
        Requirements need,
        RetryTerms retry,
        long delayMillis,
        long expiryMillis) {
      this(Urgency.of(priority), need, retry, delayMillis, expiryMillis);
    }

    /** How long it may wait before it expires. */
    long patienceMillis() {
      return expiryMillis > 0 ? expiryMillis : priority().defaultExpiry().toMillis();
    }

    PriorityClass priority() {
      return urgency.priority();
    }
  }
}
