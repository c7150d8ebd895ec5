package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets tasks in, each once. */
final class Admission {

  private static final long CLOCK_SKEW_MILLIS = Duration.ofMinutes(10).toMillis();

  /** A look-up must be younger than the keys that are remembered; half of that leaves room. */
  private final long lookUpNanos;

  private final CellCore core;
  private final Ejector ejector;
  private final Overload overload;

  Admission(CellCore core, OrderPolicy order, Ejector ejector) {
    this.core = core;
    this.ejector = ejector;
    this.overload = new Overload(core, order.shedByClassDeadline());
    this.lookUpNanos = core.settings.rhythm().keys().toNanos() / 2;
  }

  void submit(Submission submission, int item, SubmitReply reply) {
    TaskId id = submission.id();
    if (core.tasks.get(id) != null || core.keys.endedLately(id)) {
      core.draft.effect(new Effect.Existing(reply, item, id));
      return;
    }
    String key = submission.spec().requestId();
    if (!key.isEmpty()) {
      RecentKeys.Known known = core.keys.get(submission.tenant(), key);
      if (known != null) {
        core.draft.effect(known(known, submission, item, reply));
        return;
      }
    }
    Denial denial = check(submission);
    if (denial != null) {
      core.draft.effect(new Effect.SubmitDenied(reply, item, denial));
      return;
    }
    Submission.Terms terms = submission.terms();
    TaskStream stream = stream(submission.tenant(), terms);
    if (stream == null) {
      core.draft.effect(new Effect.SubmitDenied(reply, item, tooManyShapes()));
      return;
    }
    Denial hopeless = overload.hopeless(terms, stream);
    if (hopeless != null) {
      core.draft.effect(new Effect.SubmitDenied(reply, item, hopeless));
      return;
    }
    admit(submission, stream, item, reply);
  }

  /** Where such tasks wait; null when the tenant has too many different ones in use. */
  private @Nullable TaskStream stream(String tenant, Submission.Terms terms) {
    return core.shapes
        .intern(tenant, terms.need(), created -> core.draft.newShape(created.row()), this::dropped)
        .map(
            found ->
                Shapes.stream(found, terms.priority(), terms.retry(), terms.expiryMillis() > 0))
        .orElse(null);
  }

  private void dropped(Shape shape) {
    core.draft.droppedShape(shape.id);
    ejector.dropped(shape);
  }

  private void admit(Submission submission, TaskStream stream, int item, SubmitReply reply) {
    Submission.Terms terms = submission.terms();
    TaskId id = submission.id();
    long now = core.clock.databaseMillis();
    int expirySecond = (int) Math.ceilDiv(now + terms.patienceMillis(), 1_000L);
    TaskEntry entry =
        new TaskEntry(
            id,
            ++core.lastSeq,
            stream,
            expirySecond,
            terms.urgency().deadlineCode(),
            terms.affinity());
    long notBefore = terms.delayMillis() > 0 ? now + terms.delayMillis() : 0;
    entry.timed(notBefore > 0);
    core.opened(entry, id);
    core.holders.put(entry, submission.holders());
    core.users.put(entry, submission.spec().user());
    core.userLevels.put(entry, submission.spec().user());
    core.draft.admit(entry, submission.spec(), notBefore, reply, item);
    SpecRow spec = submission.spec();
    core.specs.put(new StoredSpec(id, spec.spec(), spec.traceparent(), spec.user()));
    if (!submission.spec().requestId().isEmpty()) {
      core.keys.put(
          submission.tenant(),
          submission.spec().requestId(),
          new RecentKeys.Known(id, submission.spec().digest(), core.clock.nanos()));
    }
    core.await(entry, notBefore, true);
  }

  private static Effect known(
      RecentKeys.Known known, Submission submission, int item, SubmitReply reply) {
    if (known.digest().equals(submission.spec().digest())) {
      return new Effect.Existing(reply, item, known.task());
    }
    return new Effect.SubmitDenied(reply, item, conflict(submission.spec().requestId()));
  }

  static Denial conflict(String requestId) {
    return new Denial(
        Denial.Reason.IDEMPOTENCY_CONFLICT,
        "request_id: " + requestId + " (expected: the spec that it was first used with)",
        Map.of("request_id", requestId));
  }

  private @Nullable Denial check(Submission submission) {
    long minted = submission.id().mintedAtMillis();
    long now = core.clock.databaseMillis();
    if (Math.abs(minted - now) > CLOCK_SKEW_MILLIS) {
      return new Denial(
          Denial.Reason.TASK_ID_SKEWED,
          "task id's time: %s (expected: within 10 min of %s; mint a new one)"
              .formatted(Instant.ofEpochMilli(minted), Instant.ofEpochMilli(now)),
          Map.of(
              "id_time",
              Instant.ofEpochMilli(minted).toString(),
              "server_time",
              Instant.ofEpochMilli(now).toString()));
    }
    long lookedUp = submission.lookedUpNanos();
    if (lookedUp != Long.MAX_VALUE
        && (lookedUp < core.bornNanos || core.clock.nanos() - lookedUp > lookUpNanos)) {
      return Denial.of(
          Denial.Reason.CELL_UNAVAILABLE, "the look-up of the id or key took too long: try again");
    }
    Denial beyond = core.userLevels.refuse(submission);
    return beyond == null ? overload.full(submission.terms().priority()) : beyond;
  }

  private Denial tooManyShapes() {
    int most = core.settings.bounds().shapesPerTenant();
    return new Denial(
        Denial.Reason.QUEUE_FULL,
        "different requirements that wait or run at once: more than %d (expected: at most that)"
            .formatted(most),
        Map.of("limit", Integer.toString(most)));
  }
}
