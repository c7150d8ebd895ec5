package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.SettledLetter;
import dev.weft.router.domain.task.TaskId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes dead letters out of the queue, each once. They lie in the journal alone: a caller looks a
 * letter up there, and what was settled since that look is remembered here, as with idempotency
 * keys. Should both fail, the commit is refused, for it counts the letters that it settles.
 */
final class Letters {

  private static final int MOST = 1 << 16;
  private static final Denial PURGED =
      Denial.of(Denial.Reason.DEAD_LETTER_NOT_FOUND, "the dead letter was purged");

  private final CellCore core;
  private final Admission admission;
  private final long keepNanos;
  private final Map<TaskId, Settled> lately = new LinkedHashMap<>();

  /** What was settled until then may be forgotten. */
  private long forgottenNanos;

  Letters(CellCore core, Admission admission) {
    this.core = core;
    this.admission = admission;
    this.keepNanos = core.settings.rhythm().keys().toNanos();
    this.forgottenNanos = core.bornNanos - 1;
  }

  /**
   * Lets a new task in, as any submission, and settles the letter in the same commit; refuses both
   * together.
   */
  void redrive(TaskId letter, Submission submission, int item, SubmitReply reply) {
    Settled known = lately.get(letter);
    if (known != null) {
      core.draft.effect(
          known.redrivenAs == null
              ? new Effect.SubmitDenied(reply, item, PURGED)
              : new Effect.Existing(reply, item, known.redrivenAs));
      return;
    }
    if (stale(submission.lookedUpNanos())) {
      core.draft.effect(new Effect.SubmitDenied(reply, item, lookAgain()));
      return;
    }
    TaskId id = submission.id();
    admission.submit(submission, item, reply);
    if (core.tasks.get(id) != null) {
      settle(new SettledLetter(letter, submission.tenant(), id));
    }
  }

  /** Returns how many of the letters this takes out of the queue; the others were settled since. */
  int purge(String tenant, List<TaskId> letters, long lookedUpNanos, SettledReply reply) {
    if (stale(lookedUpNanos)) {
      core.draft.effect(new Effect.SettledDenied(reply, lookAgain()));
      return 0;
    }
    int purged = 0;
    for (TaskId letter : letters) {
      if (!lately.containsKey(letter)) {
        settle(new SettledLetter(letter, tenant, null));
        purged++;
      }
    }
    core.draft.effect(new Effect.Settled(reply));
    return purged;
  }

  void forgetOld() {
    Iterator<Settled> oldest = lately.values().iterator();
    while (oldest.hasNext()) {
      long since = oldest.next().sinceNanos;
      if (lately.size() <= MOST && core.clock.nanos() - since <= keepNanos) {
        return;
      }
      forgottenNanos = since;
      oldest.remove();
    }
  }

  private void settle(SettledLetter letter) {
    lately.put(letter.task(), new Settled(letter.redrivenAs(), core.clock.nanos()));
    core.draft.settled(letter);
    forgetOld();
  }

  private boolean stale(long lookedUpNanos) {
    return lookedUpNanos - forgottenNanos <= 0
        || core.clock.nanos() - lookedUpNanos > keepNanos / 2;
  }

  private static Denial lookAgain() {
    return Denial.of(
        Denial.Reason.CELL_UNAVAILABLE, "the look-up of the dead letter took too long: try again");
  }

  private record Settled(@Nullable TaskId redrivenAs, long sinceNanos) {}
}
