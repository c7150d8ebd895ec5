package dev.weft.router.app;

import dev.weft.router.app.CellReader.RequestKey;
import dev.weft.router.app.CellReader.StoredAttempt;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.SeenPrice;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.OpenBuckets;
import dev.weft.router.domain.journal.SettledLetter;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.ShapeWait;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.journal.TenantDecisions;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.RequirementsCodec;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A cell's tables in memory, for {@link FakeCellJournal} and {@link FakeCellReader}. */
public final class FakeCell {

  static final Duration KEY_LIFE = Duration.ofHours(24);

  public final InstantSource clock;
  final CostModel costs = new CostModel();
  long epoch;
  CellHead head = CellHead.ZERO;
  @Nullable OpenBuckets buckets;
  final Map<Long, Instant> commitTimes = new HashMap<>();
  final Map<TaskId, Row> tasks = new LinkedHashMap<>();
  final Map<TaskId, List<StoredAttempt>> attempts = new HashMap<>();
  final Map<TaskId, TaskResult> results = new HashMap<>();
  final Map<TaskId, DeadLetter> deadLetters = new HashMap<>();
  final Map<TaskId, StoredLetter> letters = new HashMap<>();
  final TreeMap<Long, Map<String, List<TaskChange>>> events = new TreeMap<>();
  final TreeMap<Long, Map<String, Document>> decisions = new TreeMap<>();
  final TreeMap<Long, Map<Integer, Document>> waits = new TreeMap<>();
  final Map<Integer, ShapeRow> shapes = new LinkedHashMap<>();

  /** Also those that were dropped. */
  private final Map<Integer, ShapeRow> everyShape = new HashMap<>();

  final Map<WorkerId, WorkerDrain> drains = new LinkedHashMap<>();

  /** By attempt, then by model. */
  final Map<TaskId, Map<Integer, SortedMap<String, UsedTokens>>> tokens = new HashMap<>();

  ModelPrices modelPrices = ModelPrices.NONE;
  final Map<String, TenantBudget> budgets = new LinkedHashMap<>();
  final Map<String, TenantTier> tiers = new LinkedHashMap<>();
  final Map<RequestKey, Used> keys = new HashMap<>();

  public FakeCell(InstantSource clock) {
    this.clock = clock;
  }

  /** As a takeover does. */
  public synchronized long raiseEpoch() {
    return ++epoch;
  }

  public synchronized long epoch() {
    return epoch;
  }

  public synchronized CellHead head() {
    return head;
  }

  public synchronized Map<TaskId, Row> tasks() {
    return new LinkedHashMap<>(tasks);
  }

  /** As if a placer had stored it. */
  public synchronized void price(WorkerView view) {
    costs.price(
        new SeenPrice(
            view.id(),
            view.name(),
            view.site().microsPerHour(),
            view.site().currency(),
            Duration.ZERO),
        clock.instant());
  }

  public synchronized Requirements requirements(int shape) {
    return RequirementsCodec.decode(
        Objects.requireNonNull(everyShape.get(shape), "a task's shape was stored").definition());
  }

  public synchronized List<StoredAttempt> attempts(TaskId id) {
    return List.copyOf(attempts.getOrDefault(id, List.of()));
  }

  public synchronized Map<TaskId, DeadLetter> deadLetters() {
    return new HashMap<>(deadLetters);
  }

  /** In the queue or settled. */
  public synchronized Map<TaskId, StoredLetter> letters() {
    return new HashMap<>(letters);
  }

  public synchronized Map<TaskId, TaskResult> results() {
    return new HashMap<>(results);
  }

  public synchronized Map<WorkerId, WorkerDrain> drains() {
    return new HashMap<>(drains);
  }

  /** Every step of every task, by commit. */
  public synchronized SortedMap<Long, Map<String, List<TaskChange>>> events() {
    return new TreeMap<>(events);
  }

  public void check(long asked) {
    if (asked != epoch) {
      throw new JournalException.EpochLost("epoch: " + asked + " (expected: " + epoch + ")");
    }
  }

  void write(GroupCommit batch) {
    if (batch.number() != head.commit() + 1) {
      throw new JournalException.Mismatch(
          "commit: " + batch.number() + " (expected: " + (head.commit() + 1) + ")");
    }
    verify(batch);
    Instant now = clock.instant();
    commitTimes.put(batch.number(), now);
    batch.tasks().admitted().forEach(task -> admit(task, batch.number(), now));
    batch.tasks().changed().forEach(task -> change(task, batch.number(), now));
    batch.tasks().endedAttempts().forEach(attempt -> end(attempt, now));
    batch.tasks().results().forEach(result -> results.put(result.task(), result));
    batch.tasks().tokens().forEach(this::use);
    batch.tasks().deadLetters().forEach(letter -> bury(letter, now));
    batch.tasks().settledLetters().forEach(letter -> settle(letter, now));
    for (TenantEvents row : batch.events()) {
      events
          .computeIfAbsent(batch.number(), number -> new HashMap<>())
          .put(row.tenant(), List.copyOf(row.changes()));
    }
    placement(batch);
    if (batch.buckets() != null) {
      buckets = batch.buckets();
    }
    head = batch.head();
  }

  private void verify(GroupCommit batch) {
    for (AdmittedTask task : batch.tasks().admitted()) {
      if (tasks.containsKey(task.row().id())) {
        throw new JournalException.Mismatch("admitted id exists: " + task.row().id());
      }
    }
    for (ChangedTask task : batch.tasks().changed()) {
      Row row = tasks.get(task.id());
      if (row == null || row.lastCommit != task.expectedCommit()) {
        throw new JournalException.Mismatch(
            "last commit of %s: %s (expected: %d)"
                .formatted(
                    task.id(), row == null ? "none" : row.lastCommit, task.expectedCommit()));
      }
    }
    for (TaskResult result : batch.tasks().results()) {
      if (results.containsKey(result.task())) {
        throw new JournalException.Mismatch("second result of " + result.task());
      }
    }
    for (DeadLetter letter : batch.tasks().deadLetters()) {
      if (deadLetters.containsKey(letter.task())) {
        throw new JournalException.Mismatch("second dead letter of " + letter.task());
      }
    }
    for (SettledLetter settled : batch.tasks().settledLetters()) {
      StoredLetter letter = letters.get(settled.task());
      if (letter != null && letter.settled() != null) {
        throw new JournalException.Mismatch("settled twice: " + settled.task());
      }
    }
  }

  private void admit(AdmittedTask task, long commit, Instant now) {
    TaskOrigin origin = task.row().origin();
    Row row = new Row(task.row().id(), origin, task.spec(), now);
    row.set(task.row().progress(), commit, now);
    tasks.put(task.row().id(), row);
    if (!task.spec().requestId().isEmpty()) {
      keys.put(
          new RequestKey(origin.tenant(), task.spec().requestId()),
          new Used(new KnownKey(task.row().id(), task.spec().digest()), now));
    }
  }

  private void bury(DeadLetter letter, Instant now) {
    deadLetters.put(letter.task(), letter);
    PriorityClass priority = tasks.get(letter.task()).origin.priority();
    letters.put(letter.task(), new StoredLetter(letter, priority, now, null, null));
  }

  private void settle(SettledLetter settled, Instant now) {
    letters.computeIfPresent(
        settled.task(),
        (id, old) ->
            old.letter().tenant().equals(settled.tenant())
                ? new StoredLetter(
                    old.letter(), old.priority(), old.ended(), now, settled.redrivenAs())
                : old);
  }

  private void change(ChangedTask task, long commit, Instant now) {
    tasks.get(task.id()).set(task.progress(), commit, now);
  }

  private void end(EndedAttempt attempt, Instant now) {
    attempts
        .computeIfAbsent(attempt.task(), id -> new ArrayList<>())
        .add(new StoredAttempt(attempt, now));
  }

  private void use(UsedTokens row) {
    tokens
        .computeIfAbsent(row.task(), id -> new TreeMap<>())
        .computeIfAbsent(row.attempt(), number -> new TreeMap<>())
        .put(row.model(), row);
  }

  List<UsedTokens> tokenRows(TaskId id) {
    return tokens.getOrDefault(id, Map.of()).values().stream()
        .flatMap(models -> models.values().stream())
        .toList();
  }

  /** What one attempt has used. */
  public synchronized TokenUse tokens(TaskId id, int attempt) {
    SortedMap<String, TokenCount> models = new TreeMap<>();
    tokenRows(id).stream()
        .filter(row -> row.attempt() == attempt)
        .forEach(row -> models.put(row.model(), row.tokens()));
    return models.isEmpty() ? TokenUse.NONE : new TokenUse(models);
  }

  private void placement(GroupCommit batch) {
    for (TenantDecisions row : batch.placement().decisions()) {
      decisions
          .computeIfAbsent(batch.number(), number -> new HashMap<>())
          .put(row.tenant(), row.body());
    }
    for (ShapeWait row : batch.placement().waits()) {
      waits.computeIfAbsent(batch.number(), number -> new HashMap<>()).put(row.shape(), row.body());
    }
    batch.placement().newShapes().forEach(shape -> shapes.put(shape.id(), shape));
    batch.placement().newShapes().forEach(shape -> everyShape.put(shape.id(), shape));
    batch.placement().droppedShapes().forEach(shapes::remove);
    for (WorkerDrain drain : batch.placement().drains()) {
      if (drain.stage() == WorkerDrain.Stage.NONE) {
        drains.remove(drain.worker());
      } else {
        drains.put(drain.worker(), drain);
      }
    }
  }

  record Used(KnownKey key, Instant since) {}

  /** A task's two rows. */
  public static final class Row {
    public final TaskId id;
    public final TaskOrigin origin;
    public final SpecRow spec;
    public final Instant created;
    public TaskProgress progress;
    public long lastCommit;
    public Instant updated;
    public @Nullable Instant attemptStart;

    /** Attempt number to the earliest start of the next one. */
    public final Map<Integer, Long> notBefore = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // set() follows at once
    Row(TaskId id, TaskOrigin origin, SpecRow spec, Instant created) {
      this.id = id;
      this.origin = origin;
      this.spec = spec;
      this.created = created;
    }

    void set(TaskProgress next, long commit, Instant now) {
      LeaseRef before = progress == null ? null : progress.attempt();
      LeaseRef after = next.attempt();
      if (after != null && (before == null || before.fence() != after.fence())) {
        attemptStart = now;
      }
      if (after != null && next.notBeforeMillis() > 0) {
        notBefore.put(after.number(), next.notBeforeMillis());
      }
      progress = next;
      lastCommit = commit;
      updated = now;
    }
  }
}
