package dev.weft.router.domain.cell;

import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.OpenBuckets;
import dev.weft.router.domain.journal.PlacementRows;
import dev.weft.router.domain.journal.SettledLetter;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.ShapeWait;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.journal.TaskRows;
import dev.weft.router.domain.journal.TenantDecisions;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.placement.DecisionBody;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The next group commit while it gathers, and the effects that wait for it. A task that changes
 * several times has one row, made when the draft is sealed, and one step in the log for each
 * change.
 */
final class Draft {

  private final List<Newcomer> admitted = new ArrayList<>();
  private final List<TaskEntry> touched = new ArrayList<>();
  private final List<Ending> endings = new ArrayList<>();
  private final List<TaskResult> results = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final List<SettledLetter> settledLetters = new ArrayList<>();
  private final Map<String, List<TaskChange>> changes = new LinkedHashMap<>();
  private final Map<String, DecisionBody> decisions = new LinkedHashMap<>();
  private final List<ShapeWait> waits = new ArrayList<>();
  private final List<ShapeRow> newShapes = new ArrayList<>();
  private final List<Integer> droppedShapes = new ArrayList<>();
  private final Map<WorkerId, WorkerDrain> drains = new LinkedHashMap<>();
  private final List<TaskId> specsWanted = new ArrayList<>();
  private final List<Lease> leases = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<Grant> grants = new ArrayList<>(0);
  private final Set<Attempt> tokens = new LinkedHashSet<>(0);
  private @Nullable OpenBuckets buckets;
  private boolean barrier;

  /** Rows of tasks and letters so far. */
  int rows() {
    return admitted.size() + touched.size() + settledLetters.size();
  }

  /** Nothing is to be written, and no effect needs the guard's word. */
  boolean nothingToWrite() {
    return !barrier
        && buckets == null
        && admitted.isEmpty()
        && touched.isEmpty()
        && settledLetters.isEmpty()
        && tokens.isEmpty()
        && waits.isEmpty()
        && newShapes.isEmpty()
        && droppedShapes.isEmpty()
        && drains.isEmpty();
  }

  List<Effect> effects() {
    return effects;
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  /** The effects so far hold only if this placer still holds the cell: commit, even if empty. */
  void barrier() {
    barrier = true;
  }

  void admit(TaskEntry entry, SpecRow spec, long notBefore, SubmitReply reply, int item) {
    entry.fresh(true);
    entry.touched(true);
    admitted.add(new Newcomer(entry, spec, notBefore, reply, item));
    log(entry, TaskState.QUEUED, "");
  }

  /** The entry's state is the new one already. */
  void change(TaskEntry entry, String reason) {
    touch(entry);
    log(entry, entry.state(), reason);
  }

  private void touch(TaskEntry entry) {
    if (!entry.touched()) {
      entry.touched(true);
      touched.add(entry);
    }
  }

  private void log(TaskEntry entry, TaskState state, String reason) {
    Attempt attempt = entry.attempt();
    changes
        .computeIfAbsent(entry.tenant(), tenant -> new ArrayList<>())
        .add(
            new TaskChange(
                entry.id(),
                entry.lastCommit(),
                state,
                attempt == null ? 0 : attempt.number,
                attempt == null ? null : attempt.worker.id(),
                reason));
  }

  void ended(Attempt attempt, AttemptState state, Problem problem, @Nullable Document result) {
    endings.add(new Ending(attempt, state, problem, result));
  }

  void result(TaskResult result) {
    results.add(result);
  }

  void deadLetter(DeadLetter letter) {
    deadLetters.add(letter);
  }

  void settled(SettledLetter letter) {
    settledLetters.add(letter);
  }

  DecisionBody decisions(String tenant, String weightsVersion) {
    return decisions.computeIfAbsent(tenant, name -> new DecisionBody(weightsVersion));
  }

  void waits(ShapeWait wait) {
    waits.add(wait);
  }

  void newShape(ShapeRow row) {
    newShapes.add(row);
  }

  void droppedShape(int id) {
    droppedShapes.add(id);
  }

  void drain(WorkerDrain drain) {
    drains.put(drain.worker(), drain);
  }

  /**
   * A lease, pushed once it is durable.
   *
   * @param spec null to have the receipt carry it
   */
  void leased(Attempt attempt, WorkerLink link, @Nullable StoredSpec spec) {
    leases.add(new Lease(attempt, link, spec));
    if (spec == null) {
      specsWanted.add(attempt.task.id());
    }
  }

  /** With the end of its attempt. */
  void ends(Grant grant) {
    grants.add(grant);
  }

  /** What it has used of models by the time at which this is sealed. */
  void tokens(Attempt attempt) {
    tokens.add(attempt);
  }

  void buckets(OpenBuckets open) {
    buckets = open;
  }

  /** What is told instead of the promised, since nothing of this will be written. */
  List<Effect> denied(Denial reason) {
    List<Effect> denials = new ArrayList<>(admitted.size() + effects.size());
    for (Newcomer newcomer : admitted) {
      denials.add(new Effect.SubmitDenied(newcomer.reply, newcomer.item, reason));
    }
    denials.addAll(denied(effects, reason));
    return denials;
  }

  static List<Effect> denied(List<Effect> effects, Denial reason) {
    return effects.stream().map(effect -> effect.denied(reason)).filter(Objects::nonNull).toList();
  }

  /** Makes the rows. The draft must not be used afterwards. */
  Sealed seal(CellHead head) {
    List<AdmittedTask> admissions = new ArrayList<>(admitted.size());
    List<Effect> released = new ArrayList<>(admitted.size() + effects.size());
    for (Newcomer newcomer : admitted) {
      AdmittedTask task = newcomer.row();
      admissions.add(task);
      released.add(new Effect.Accepted(newcomer.reply, newcomer.item, task));
      stamp(newcomer.entry, head.commit());
    }
    released.addAll(effects);
    List<ChangedTask> changedRows = new ArrayList<>(touched.size());
    for (TaskEntry entry : touched) {
      changedRows.add(
          new ChangedTask(entry.id(), entry.tenant(), entry.lastCommit(), entry.progress(0)));
      stamp(entry, head.commit());
    }
    TaskRows tasks =
        new TaskRows(
            admissions,
            changedRows,
            endings.stream().map(Ending::row).toList(),
            results,
            deadLetters,
            settledLetters,
            tokens.stream().flatMap(attempt -> TokenBook.rows(attempt).stream()).toList());
    PlacementRows placement =
        new PlacementRows(
            decisionRows(), waits, newShapes, droppedShapes, List.copyOf(drains.values()));
    List<TenantEvents> events = new ArrayList<>(changes.size());
    changes.forEach((tenant, list) -> events.add(new TenantEvents(tenant, list)));
    return new Sealed(
        new GroupCommit(head, tasks, events, placement, specsWanted, buckets),
        released,
        leases,
        grants);
  }

  private static void stamp(TaskEntry entry, long commit) {
    entry.fresh(false);
    entry.touched(false);
    entry.lastCommit(commit);
  }

  private List<TenantDecisions> decisionRows() {
    List<TenantDecisions> rows = new ArrayList<>(decisions.size());
    decisions.forEach((tenant, body) -> rows.add(new TenantDecisions(tenant, body.document())));
    return rows;
  }

  /** A commit on its way, and what is told once it is durable. */
  record Sealed(GroupCommit commit, List<Effect> effects, List<Lease> leases, List<Grant> ended) {}

  record Lease(Attempt attempt, WorkerLink link, @Nullable StoredSpec spec) {}

  private record Newcomer(
      TaskEntry entry, SpecRow spec, long notBefore, SubmitReply reply, int item) {

    AdmittedTask row() {
      return new AdmittedTask(
          new TaskRow(entry.id(), entry.origin(), entry.progress(notBefore)), spec);
    }
  }

  private record Ending(
      Attempt attempt, AttemptState state, Problem problem, @Nullable Document result) {

    EndedAttempt row() {
      Instant start = Objects.requireNonNull(attempt.start, "ended before its lease committed");
      return new EndedAttempt(attempt.task.id(), attempt.ref(), state, start, problem, result);
    }
  }
}
