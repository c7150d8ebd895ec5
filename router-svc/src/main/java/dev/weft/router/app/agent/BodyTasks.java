package dev.weft.router.app.agent;

import dev.weft.router.app.EventChain;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.Followers;
import dev.weft.router.app.StoredTask;
import dev.weft.router.app.TaskAdmissions;
import dev.weft.router.app.TaskAdmissions.Candidate;
import dev.weft.router.app.TaskCancels;
import dev.weft.router.app.TaskFollowers;
import dev.weft.router.app.TaskQueries;
import dev.weft.router.app.TaskQueries.Denied;
import dev.weft.router.app.TaskQueries.Seen;
import dev.weft.router.domain.agent.Agent;
import dev.weft.router.domain.agent.Body;
import dev.weft.router.domain.agent.BodyStatus;
import dev.weft.router.domain.cell.Denial;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.cell.SubmitReply;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The tasks that are agents' bodies: submitted, looked at, cancelled and followed as any task. */
public final class BodyTasks {

  private static final int CANCELLED = 1;
  private static final int INVALID_ARGUMENT = 3;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int FAILED_PRECONDITION = 9;
  private static final int INTERNAL = 13;
  private static final Problem UNEXPLAINED =
      new Problem(INTERNAL, "BODY_FAILED", "the body failed", Map.of());

  private final TaskQueries queries;
  private final TaskAdmissions admissions;
  private final TaskCancels cancels;
  private final TaskFollowers followers;
  private final BodyWords words;

  public BodyTasks(
      TaskQueries queries,
      TaskAdmissions admissions,
      TaskCancels cancels,
      TaskFollowers followers,
      BodyWords words) {
    this.queries = queries;
    this.admissions = admissions;
    this.cancels = cancels;
    this.followers = followers;
    this.words = words;
  }

  /** How the body's task stands. */
  CompletionStage<BodyStatus> status(Agent agent, Body body) {
    return queries
        .task(agent.tenant(), body.task())
        .thenApply(seen -> seen.map(it -> status(body, it)).orElseGet(BodyStatus.Absent::new));
  }

  /** Which of these run, as far as this holder knows. */
  CompletionStage<Set<TaskId>> running(Set<TaskId> tasks) {
    return queries.running(tasks);
  }

  /**
   * Lets the task in, once, however often it is asked. Empty when it is in; else why it never will
   * be. Fails when it may be tried again.
   */
  CompletionStage<Optional<BodyStatus>> submit(Agent agent, Body body) {
    CompletableFuture<Optional<BodyStatus>> outcome = new CompletableFuture<>();
    try {
      Submission submission = words.submission(agent, body);
      admissions.submit(List.of(new Candidate(0, submission, true)), new Reply(outcome));
    } catch (IllegalArgumentException e) {
      Problem wrong =
          new Problem(INVALID_ARGUMENT, "INVALID_FIELD", String.valueOf(e.getMessage()), Map.of());
      outcome.complete(Optional.of(new BodyStatus.Hopeless(wrong)));
    }
    return outcome;
  }

  CompletionStage<Optional<Seen>> cancel(Agent agent, Body body) {
    return cancels.cancel(agent.tenant(), body.task());
  }

  /** Tells that something has happened to the task, from now on, until the cell moves. */
  Followers.Following<EventChain.Step, EventCursor> follow(
      Agent agent, Body body, Runnable happened) {
    Followers.Following<EventChain.Step, EventCursor> following =
        followers.register(agent.tenant(), body.task(), new Attention(happened));
    following.caughtUp(EventCursor.START, List.of(), false);
    return following;
  }

  private BodyStatus status(Body body, Seen seen) {
    StoredTask stored = seen.stored();
    TaskState state = stored.row().progress().state();
    LeaseRef lease = stored.row().progress().attempt();
    return switch (state) {
      case QUEUED -> new BodyStatus.Waiting();
      case LEASED, RUNNING -> {
        if (lease == null) {
          yield new BodyStatus.Waiting();
        }
        boolean runs =
            state == TaskState.RUNNING
                || seen.live().filter(now -> now.state() == TaskState.RUNNING).isPresent();
        yield runs ? new BodyStatus.Running(lease.worker()) : new BodyStatus.Leased(lease.worker());
      }
      case CANCELLING -> new BodyStatus.Ending();
      case SUCCEEDED -> words.end(body, stored.result(), stored.times().updated());
      case FAILED -> new BodyStatus.Broken(stored.problem().orElse(UNEXPLAINED));
      case CANCELLED ->
          new BodyStatus.Cancelled(
              new Problem(CANCELLED, "CANCELLED_BY_USER", "the body was cancelled", Map.of()));
      case EXPIRED ->
          new BodyStatus.Hopeless(
              new Problem(
                  DEADLINE_EXCEEDED,
                  "EXPIRED",
                  "no worker was found for the body before its expiry was over",
                  Map.of()));
    };
  }

  private record Attention(Runnable happened) implements Followers.Sink<EventChain.Step> {

    @Override
    public void step(EventChain.Step step) {
      happened.run();
    }

    @Override
    public void completed() {
      happened.run();
    }

    /** The next holder looks at it by itself. */
    @Override
    public void denied(Denial reason) {}
  }

  private record Reply(CompletableFuture<Optional<BodyStatus>> outcome) implements SubmitReply {

    @Override
    public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {
      outcome.complete(Optional.empty());
    }

    @Override
    public void existing(int item, TaskId first) {
      outcome.complete(Optional.empty());
    }

    @Override
    public void denied(int item, Denial reason) {
      switch (reason.reason()) {
        case TASK_ID_SKEWED, IDEMPOTENCY_CONFLICT ->
            outcome.complete(Optional.of(new BodyStatus.Unusable()));
        case LIMIT_EXCEEDED ->
            outcome.complete(
                Optional.of(
                    new BodyStatus.Hopeless(
                        new Problem(
                            FAILED_PRECONDITION,
                            reason.reason().name(),
                            reason.message(),
                            reason.metadata()))));
        case QUEUE_FULL,
            OVERLOADED,
            DEAD_LETTER_NOT_FOUND,
            WORKER_NOT_FOUND,
            CELL_UNAVAILABLE,
            NOT_HOLDER,
            UNSUPPORTED_PROTOCOL,
            SUPERSEDED ->
            outcome.completeExceptionally(new Denied(reason));
      }
    }
  }
}
