package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenTally;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.shard.Member;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A task's current or last attempt. While open it takes credit from its worker. */
final class Attempt {

  final TaskEntry task;
  final int number;
  final long fence;
  final Worker worker;

  /** Workers on which earlier attempts FAILED or were LOST while they ran, and so this one. */
  List<WorkerId> failedOn = List.of();

  /** Database time of the lease's commit; null until its receipt. */
  @Nullable Instant start;

  /** On the monotonic clock. */
  long leaseEnd;

  /** On the monotonic clock; 0 when another placer leased it. */
  long leasedAt;

  /** Database time before which the next attempt must not start. */
  long notBeforeMillis;

  /** How long its task waited for it, in milliseconds. */
  long waitedMillis;

  /** On the monotonic clock, once it is no longer open. */
  long endedAt;

  boolean open = true;
  boolean running;

  /** RUNNING is in a row. */
  boolean runningStored;

  /** On the monotonic clock. */
  long startedAt;

  /** A result is in a row. */
  boolean resultStored;

  /** The worker was told to end it, for a drain or for a P0 task. */
  boolean preempting;

  /** Whose task is to get its room; null when nobody claims it. */
  @Nullable TaskStream claimedFor;

  /** Null when its task has no budget. */
  @Nullable Spending spending;

  /** Null when its tenant has no budget. */
  @Nullable Grant grant;

  /** What earlier attempts at its task used of models, as far as somebody counts that. */
  long tokensBefore;

  /** What it has used of them itself. */
  TokenTally tokens = TokenTally.NONE;

  /** On whose behalf it is; null for nobody's, and while that is not known. */
  @Nullable Member user;

  /** Neighbours among the worker's open attempts. */
  @Nullable Attempt before;

  @Nullable Attempt after;

  Attempt(TaskEntry task, int number, long fence, Worker worker) {
    this.task = task;
    this.number = number;
    this.fence = fence;
    this.worker = worker;
  }

  /** Its task's next attempt goes elsewhere, if another worker has room. */
  void avoidItsWorker() {
    if (!failedOn.contains(worker.id())) {
      failedOn = Stream.concat(failedOn.stream(), Stream.of(worker.id())).toList();
    }
  }

  /** What its task has used of models up to now. */
  long tokensUsed() {
    return TokenCount.sum(tokensBefore, tokens.total().total());
  }

  AttemptKey key() {
    return new AttemptKey(task.id(), number, fence);
  }

  LeaseRef ref() {
    return new LeaseRef(number, worker.id(), fence);
  }
}
