package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker as the cell deals with it: its stream, its open attempts, its drain. */
final class Worker {

  final WorkerSlot slot;

  @Nullable WorkerLink link;
  long incarnation = Long.MIN_VALUE;

  /** It said that it takes nothing more. */
  boolean saysDraining;

  WorkerDrain.Stage drain = WorkerDrain.Stage.NONE;
  long drainDeadlineMillis;
  boolean drainEnforced;

  /** On the monotonic clock: when an absent worker's attempts are lost; 0 while it is there. */
  long absentUntil;

  /** On the monotonic clock: when its stream closed; 0 while it is there. */
  long goneSince;

  /** On the monotonic clock: when it is asked again after a rejection; 0 for none. */
  long heldUntil;

  /** The registry has lost it while its work stream stands: believed only at the time below. */
  @Nullable Verdict doubted;

  /** On the monotonic clock: when the doubted verdict counts after all. */
  long doubtedUntil;

  /** It stands in the fleet's list of freed ones. */
  boolean freed;

  /** Ended for the placer but not yet seen to end there: they still take credit. */
  private final Map<Long, Ghost> ghosts = new HashMap<>();

  private @Nullable Attempt firstOpen;
  private int open;

  /** Of each tenant, how many are open. */
  private final Map<String, Integer> tenants = new HashMap<>(2);

  /** On the monotonic clock: when attempts of several tenants were last open at once. */
  private long sharedAt;

  private boolean shared;

  Worker(WorkerSlot slot) {
    this.slot = slot;
  }

  WorkerId id() {
    return slot.id();
  }

  /** Whether this very stream is its present one. */
  @SuppressWarnings("ReferenceEquality") // a stream is equal to itself alone
  boolean speaksThrough(WorkerLink stream) {
    return link == stream;
  }

  int open() {
    return open;
  }

  void opened(Attempt attempt) {
    attempt.after = firstOpen;
    attempt.before = null;
    if (firstOpen != null) {
      firstOpen.before = attempt;
    }
    firstOpen = attempt;
    open++;
    tenants.merge(attempt.task.tenant(), 1, Integer::sum);
    slot.credit().take(executor(attempt), amount(attempt));
  }

  void closed(Attempt attempt) {
    if (tenants.size() > 1) {
      shared = true;
      sharedAt = attempt.endedAt;
    }
    tenants.computeIfPresent(attempt.task.tenant(), (_, count) -> count == 1 ? null : count - 1);
    if (attempt.before == null) {
      firstOpen = attempt.after;
    } else {
      attempt.before.after = attempt.after;
    }
    if (attempt.after != null) {
      attempt.after.before = attempt.before;
    }
    attempt.before = null;
    attempt.after = null;
    open--;
    slot.credit().giveBack(executor(attempt), amount(attempt));
  }

  /** Copied, since what is done to an attempt may close it. */
  List<Attempt> openAttempts() {
    List<Attempt> attempts = new ArrayList<>(open);
    for (Attempt attempt = firstOpen; attempt != null; attempt = attempt.after) {
      attempts.add(attempt);
    }
    return attempts;
  }

  /** Whether no other tenant had anything open here since the attempt, still open, was leased. */
  boolean alone(Attempt attempt) {
    return tenants.size() == 1
        && !(shared && (attempt.leasedAt == 0 || sharedAt - attempt.leasedAt >= 0));
  }

  boolean anyLeaseOver(long now) {
    for (Attempt attempt = firstOpen; attempt != null; attempt = attempt.after) {
      if (now >= attempt.leaseEnd) {
        return true;
      }
    }
    return false;
  }

  /** A closed attempt may go on there: it takes its credit again until it is seen to end. */
  void haunt(Attempt attempt) {
    if (ghosts.putIfAbsent(attempt.fence, new Ghost(executor(attempt), amount(attempt))) == null) {
      slot.credit().take(executor(attempt), amount(attempt));
    }
  }

  boolean haunted() {
    return !ghosts.isEmpty();
  }

  boolean hauntedBy(long fence) {
    return ghosts.containsKey(fence);
  }

  /** Whether there was such a ghost; its credit is free. */
  boolean laid(long fence) {
    Ghost ghost = ghosts.remove(fence);
    if (ghost == null) {
      return false;
    }
    slot.credit().giveBack(ghost.executor, ghost.amount);
    return true;
  }

  List<Long> ghosts() {
    return List.copyOf(ghosts.keySet());
  }

  private static String executor(Attempt attempt) {
    return attempt.task.stream.shape.need.executor();
  }

  private static Resources amount(Attempt attempt) {
    return attempt.task.stream.shape.need.resources();
  }

  private record Ghost(String executor, Resources amount) {}
}
