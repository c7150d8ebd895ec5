package dev.weft.router.domain.cell;

import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.PriorityClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Ends work that allows it when a P0 task finds no room: the lowest class first, in it what was
 * tried least often, so that nobody is ended again and again, and of those what began last and so
 * loses least. One attempt at most for each waiting task.
 */
final class Preemption {

  private static final int MOST_AT_ONCE = 32;

  private final CellCore core;

  /** Open attempts that may be ended, by class, oldest first; some have ended since. */
  private final List<Deque<Attempt>> candidates = new ArrayList<>();

  private final int[] live = new int[PriorityClass.values().length];

  /** Attempts that end for a tenant's work. */
  private final Map<String, Integer> claims = new HashMap<>();

  Preemption(CellCore core) {
    this.core = core;
    for (int i = 0; i < live.length; i++) {
      candidates.add(new ArrayDeque<>());
    }
  }

  void opened(Attempt attempt) {
    TaskStream stream = attempt.task.stream;
    if (stream.retry.preemptible()) {
      int code = stream.priority.code();
      Deque<Attempt> known = candidates.get(code);
      known.addLast(attempt);
      live[code]++;
      if (known.size() > 64 && known.size() > 2 * live[code]) {
        known.removeIf(one -> !one.open);
      }
    }
  }

  void closed(Attempt attempt) {
    TaskStream stream = attempt.task.stream;
    if (stream.retry.preemptible()) {
      live[stream.priority.code()]--;
    }
    if (attempt.claimedFor != null) {
      attempt.claimedFor.claims--;
      claims.computeIfPresent(
          attempt.claimedFor.shape.tenant, (tenant, known) -> known == 1 ? null : known - 1);
      attempt.claimedFor = null;
    }
  }

  /** The head of this stream found no room among these. */
  void makeRoom(TaskStream stream, Eligibility eligibility) {
    if (stream.priority != PriorityClass.P0) {
      return;
    }
    // What is ended for the tenant's other work takes of the same limits.
    int others = claims.getOrDefault(stream.shape.tenant, 0) - stream.claims;
    TaskEntry head = stream.peek();
    int own = head == null ? 0 : core.userLevels.room(head);
    int able = Math.min(Math.min(stream.length(), own), core.levels.room(stream) - others);
    int wanted = Math.min(able, MOST_AT_ONCE) - stream.claims;
    for (int code = live.length - 1; code > PriorityClass.P0.code() && wanted > 0; code--) {
      if (live[code] > 0) {
        wanted -= claim(candidates.get(code), stream, eligibility, wanted);
      }
    }
  }

  private int claim(Deque<Attempt> from, TaskStream stream, Eligibility eligibility, int most) {
    List<Attempt> helpful = new ArrayList<>();
    for (Iterator<Attempt> newest = from.descendingIterator(); newest.hasNext(); ) {
      Attempt attempt = newest.next();
      if (!attempt.open) {
        newest.remove();
      } else if (helps(attempt, stream, eligibility)) {
        helpful.add(attempt);
      }
    }
    helpful.sort(Comparator.comparingInt(attempt -> attempt.number));
    int claimed = Math.min(most, helpful.size());
    helpful.subList(0, claimed).forEach(attempt -> end(attempt, stream));
    return claimed;
  }

  /** Its room alone must do: what is free beside it may be another's before it has ended. */
  private static boolean helps(Attempt attempt, TaskStream stream, Eligibility eligibility) {
    Worker worker = attempt.worker;
    Requirements gives = attempt.task.stream.shape.need;
    Requirements need = stream.shape.need;
    return !attempt.preempting
        && worker.link != null
        && !worker.slot.held()
        && eligibility.includes(worker.slot)
        && gives.executor().equals(need.executor())
        && need.resources().fitsIn(gives.resources());
  }

  private void end(Attempt attempt, TaskStream stream) {
    WorkerLink link = attempt.worker.link;
    if (link != null) {
      attempt.preempting = true;
      attempt.claimedFor = stream;
      stream.claims++;
      claims.merge(stream.shape.tenant, 1, Integer::sum);
      core.tally.preempted++;
      core.draft.barrier();
      core.draft.effect(new Effect.Cancel(link, attempt.key()));
    }
  }
}
