package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import dev.weft.router.app.TaskQueries.Denied;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.SettledReply;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is done with dead letters. A redrive is a new task, admitted in the commit that settles the
 * letter: whoever asks again, at any time, finds the first one's task in the letter's row.
 */
public final class DeadLetters {

  /** One commit takes some hundreds of rows. */
  private static final int PURGED_AT_ONCE = 100;

  private static final Denial NOT_FOUND =
      Denial.of(Denial.Reason.DEAD_LETTER_NOT_FOUND, "no such dead letter");
  private static final Denial FORGOTTEN =
      Denial.of(Denial.Reason.DEAD_LETTER_NOT_FOUND, "the failed task is no longer kept");

  /** Makes the new task from the failed one's spec, under a new id. */
  @FunctionalInterface
  public interface Resubmission {

    /** May throw when the spec would be refused today. */
    Submission of(Redriver who, StoredSpec spec);
  }

  /** On whose behalf the new tasks are submitted. */
  public record Redriver(String tenant, String principal, String traceparent) {}

  /** What became of one letter. */
  public sealed interface Outcome {

    TaskId letter();

    /**
     * @param existing it was redriven before
     */
    record Redriven(TaskId letter, TaskId as, boolean existing) implements Outcome {}

    /** The letter stays. */
    record Refused(TaskId letter, RuntimeException why) implements Outcome {}
  }

  /** The outcomes of a page. */
  public record Redrives(List<Outcome> outcomes, Optional<LetterCursor> next) {}

  /** How many of a page were purged. */
  public record Purges(int purged, Optional<LetterCursor> next) {}

  private final CellInbox inbox;
  private final LetterReader letters;
  private final CellReader tasks;
  private final Resubmission resubmission;
  private final Ticker ticker;

  public DeadLetters(
      CellInbox inbox,
      LetterReader letters,
      CellReader tasks,
      Resubmission resubmission,
      Ticker ticker) {
    this.inbox = inbox;
    this.letters = letters;
    this.tasks = tasks;
    this.resubmission = resubmission;
    this.ticker = ticker;
  }

  public CompletionStage<LetterPage> list(LetterQuery query) {
    return letters.letters(query);
  }

  /** Fails with {@link Denied} when there is no such letter. */
  public CompletionStage<Outcome> redrive(Redriver who, TaskId id) {
    long asked = ticker.nanos();
    return letter(who.tenant(), id)
        .thenCompose(
            letter -> {
              TaskId as = letter.redrivenAs();
              if (as != null) {
                return CompletableFuture.completedStage(new Outcome.Redriven(id, as, true));
              }
              return letter.settled() == null
                  ? redrive(who, List.of(letter), asked).thenApply(List::getFirst)
                  : CompletableFuture.failedStage(new Denied(NOT_FOUND));
            });
  }

  /** Each letter of the page by itself. */
  public CompletionStage<Redrives> redriveAll(Redriver who, LetterQuery query) {
    long asked = ticker.nanos();
    return letters
        .letters(query)
        .thenCompose(
            page ->
                redrive(who, page.letters(), asked)
                    .thenApply(outcomes -> new Redrives(outcomes, page.next())));
  }

  /**
   * True if this took the letter out of the queue. Fails with {@link Denied} when there is none.
   */
  public CompletionStage<Boolean> purge(String tenant, TaskId id) {
    long asked = ticker.nanos();
    return letter(tenant, id)
        .thenCompose(
            letter ->
                letter.settled() == null
                    ? purge(tenant, List.of(id), asked).thenApply(purged -> purged > 0)
                    : CompletableFuture.completedStage(false));
  }

  public CompletionStage<Purges> purgeAll(LetterQuery query) {
    long asked = ticker.nanos();
    return letters
        .letters(query)
        .thenCompose(
            page ->
                purge(
                        query.tenant(),
                        page.letters().stream().map(StoredLetter::task).toList(),
                        asked)
                    .thenApply(purged -> new Purges(purged, page.next())));
  }

  private CompletionStage<StoredLetter> letter(String tenant, TaskId id) {
    return letters
        .letter(tenant, id)
        .thenApply(found -> found.orElseThrow(() -> new Denied(NOT_FOUND)));
  }

  private CompletionStage<List<Outcome>> redrive(
      Redriver who, List<StoredLetter> chosen, long asked) {
    if (chosen.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    return tasks
        .specs(chosen.stream().map(StoredLetter::task).collect(Collectors.toSet()))
        .thenCompose(
            specs -> {
              Map<TaskId, StoredSpec> byTask = new HashMap<>();
              specs.forEach(spec -> byTask.put(spec.task(), spec));
              return all(
                  chosen.stream()
                      .map(letter -> redrive(who, letter.task(), byTask.get(letter.task()), asked))
                      .toList());
            });
  }

  private CompletableFuture<Outcome> redrive(
      Redriver who, TaskId letter, @Nullable StoredSpec spec, long asked) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    if (spec == null) {
      answer.complete(new Outcome.Refused(letter, new Denied(FORGOTTEN)));
      return answer;
    }
    Submission submission;
    try {
      submission = resubmission.of(who, spec).lookedUpAt(asked);
    } catch (RuntimeException e) {
      answer.complete(new Outcome.Refused(letter, e));
      return answer;
    }
    RedriveReply reply = new RedriveReply(letter, answer);
    inbox.tell(
        cell -> cell.redrive(letter, submission, 0, reply), denial -> reply.denied(0, denial));
    return answer;
  }

  private CompletionStage<Integer> purge(String tenant, List<TaskId> ids, long asked) {
    List<CompletableFuture<Integer>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += PURGED_AT_ONCE) {
      List<TaskId> part = ids.subList(from, Math.min(ids.size(), from + PURGED_AT_ONCE));
      parts.add(purgeTogether(tenant, part, asked));
    }
    return all(parts).thenApply(counts -> counts.stream().mapToInt(Integer::intValue).sum());
  }

  private CompletableFuture<Integer> purgeTogether(String tenant, List<TaskId> ids, long asked) {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    AtomicInteger purged = new AtomicInteger();
    SettledReply reply =
        new SettledReply() {
          @Override
          public void settled() {
            answer.complete(purged.get());
          }

          @Override
          public void denied(Denial reason) {
            answer.completeExceptionally(new Denied(reason));
          }
        };
    inbox.tell(cell -> purged.set(cell.purge(tenant, ids, asked, reply)), reply::denied);
    return answer;
  }

  private static <T> CompletionStage<List<T>> all(List<CompletableFuture<T>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> parts.stream().map(CompletableFuture::join).toList());
  }

  /** On a replica that does not hold the cell the whole call fails, so that it is asked there. */
  private record RedriveReply(TaskId letter, CompletableFuture<Outcome> answer)
      implements SubmitReply {

    @Override
    public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {
      answer.complete(new Outcome.Redriven(letter, task.row().id(), false));
    }

    @Override
    public void existing(int item, TaskId first) {
      answer.complete(new Outcome.Redriven(letter, first, true));
    }

    @Override
    public void denied(int item, Denial reason) {
      if (reason.reason() == Denial.Reason.NOT_HOLDER) {
        answer.completeExceptionally(new Denied(reason));
      } else {
        answer.complete(new Outcome.Refused(letter, new Denied(reason)));
      }
    }
  }
}
