package dev.weft.router.app;

import dev.weft.platform.time.Ticker;
import dev.weft.router.app.CellReader.RequestKey;
import dev.weft.router.domain.cell.Cell;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.task.TaskId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets tasks in. What could be known already, by its key or because it was sent before, is looked
 * up first, for the whole batch at once; a batch without either costs no read.
 */
public final class TaskAdmissions {

  private static final long MOST_AWAY_MILLIS = 2_000;

  /** Some seconds of work at full speed; more could only time out. */
  private static final int MOST_BACKLOG = 50_000;

  /**
   * One item of a submit.
   *
   * @param resent its outcome is unknown to the sender
   */
  public record Candidate(int item, Submission submission, boolean resent) {}

  private final PlacerLoop placer;
  private final CellReader reader;
  private final Ticker ticker;

  public TaskAdmissions(PlacerLoop placer, CellReader reader, Ticker ticker) {
    this.placer = placer;
    this.reader = reader;
    this.ticker = ticker;
  }

  /** Answers each item once, when its outcome is durable. */
  public void submit(List<Candidate> candidates, SubmitReply reply) {
    Optional<Denial> refusal = refusal();
    if (refusal.isPresent()) {
      deny(candidates, refusal.get(), reply);
      return;
    }
    Set<RequestKey> keys = new HashSet<>();
    Set<TaskId> ids = new HashSet<>();
    for (Candidate candidate : candidates) {
      Submission submission = candidate.submission;
      if (!submission.spec().requestId().isEmpty()) {
        keys.add(key(submission));
      }
      if (candidate.resent) {
        ids.add(submission.id());
      }
    }
    if (keys.isEmpty() && ids.isEmpty()) {
      tell(candidates, reply);
      return;
    }
    long asked = ticker.nanos();
    known(keys)
        .thenCombine(existing(ids), Known::new)
        .whenComplete(
            (known, failure) -> {
              if (failure != null) {
                deny(candidates, unavailable("the look-up of known keys failed"), reply);
              } else {
                tell(unknown(candidates, known, asked, reply), reply);
              }
            });
  }

  /** Why nothing is taken in at the moment. */
  private Optional<Denial> refusal() {
    if (placer.awayMillis() > MOST_AWAY_MILLIS) {
      return Optional.of(unavailable("the database does not answer"));
    }
    return placer.backlog() > MOST_BACKLOG
        ? Optional.of(
            Denial.of(Denial.Reason.QUEUE_FULL, "more submissions at once than the cell takes in"))
        : Optional.empty();
  }

  private static Denial unavailable(String message) {
    return Denial.of(Denial.Reason.CELL_UNAVAILABLE, message);
  }

  private static void deny(List<Candidate> candidates, Denial denial, SubmitReply reply) {
    candidates.forEach(one -> reply.denied(one.item, denial));
  }

  private void tell(List<Candidate> candidates, SubmitReply reply) {
    for (Candidate candidate : candidates) {
      placer.tell(
          cell -> cell.submit(candidate.submission, candidate.item, reply),
          denial -> reply.denied(candidate.item, denial));
    }
  }

  /** Answers what is known and returns the rest. */
  private static List<Candidate> unknown(
      List<Candidate> candidates, Known known, long asked, SubmitReply reply) {
    return candidates.stream()
        .filter(candidate -> !answered(candidate, known, reply))
        .map(candidate -> lookedUp(candidate, asked))
        .toList();
  }

  private static boolean answered(Candidate candidate, Known known, SubmitReply reply) {
    Submission submission = candidate.submission;
    if (known.ids.contains(submission.id())) {
      reply.existing(candidate.item, submission.id());
      return true;
    }
    KnownKey first = known.keys.get(key(submission));
    if (first == null) {
      return false;
    }
    if (first.digest().equals(submission.spec().digest())) {
      reply.existing(candidate.item, first.task());
    } else {
      reply.denied(candidate.item, Cell.idempotencyConflict(submission.spec().requestId()));
    }
    return true;
  }

  private static Candidate lookedUp(Candidate candidate, long asked) {
    Submission from = candidate.submission;
    boolean looked = candidate.resent || !from.spec().requestId().isEmpty();
    return new Candidate(
        candidate.item, from.lookedUpAt(looked ? asked : Long.MAX_VALUE), candidate.resent);
  }

  private static RequestKey key(Submission submission) {
    return new RequestKey(submission.tenant(), submission.spec().requestId());
  }

  private CompletionStage<Map<RequestKey, KnownKey>> known(Set<RequestKey> keys) {
    return keys.isEmpty() ? CompletableFuture.completedStage(Map.of()) : reader.keys(keys);
  }

  private CompletionStage<Set<TaskId>> existing(Set<TaskId> ids) {
    return ids.isEmpty() ? CompletableFuture.completedStage(Set.of()) : reader.existing(ids);
  }

  private record Known(Map<RequestKey, KnownKey> keys, Set<TaskId> ids) {}
}
