package dev.weft.router.app;

import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.ChangedTask;
import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.OpenBuckets;
import dev.weft.router.domain.journal.PlacementRows;
import dev.weft.router.domain.journal.SettledLetter;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.ShapeWait;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.TaskResult;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.journal.TaskRows;
import dev.weft.router.domain.journal.TenantDecisions;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.RequirementsCodec;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.Urgency;
import dev.weft.router.domain.task.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes batches for tests, and keeps what a placer would know of its tasks. */
public final class BatchDraft {

  public static final String TENANT = "ten_a";
  public static final String USER = "ada";
  public static final WorkerId WORKER = new WorkerId(new UUID(7, 7));
  public static final Problem PROBLEM =
      new Problem(13, "EXIT_NONZERO", "exit code: 7 (expected: 0)", Map.of("exit_code", "7"));

  /** What a cell's placer remembers between batches. */
  public static final class Memory {
    private final Map<TaskId, String> tenants = new LinkedHashMap<>();
    private final Map<TaskId, Long> commits = new LinkedHashMap<>();
    private long minted;
    private long commit;
    private long seq;
    private long fence;

    public BatchDraft next() {
      return new BatchDraft(this, commit + 1);
    }

    /** Each higher than the one before. */
    public TaskId newId() {
      return new TaskId((System.currentTimeMillis() << 16) | 0x7000, ++minted);
    }

    private String tenantOf(TaskId id) {
      return tenants.getOrDefault(id, TENANT);
    }

    public long commitOf(TaskId id) {
      return commits.getOrDefault(id, 0L);
    }
  }

  private final Memory memory;
  private final long number;
  private final List<AdmittedTask> admitted = new ArrayList<>();
  private final List<ChangedTask> changed = new ArrayList<>();
  private final List<EndedAttempt> ended = new ArrayList<>();
  private final List<TaskResult> results = new ArrayList<>();
  private final List<DeadLetter> deadLetters = new ArrayList<>();
  private final List<SettledLetter> settledLetters = new ArrayList<>();
  private final List<UsedTokens> tokens = new ArrayList<>();
  private final Map<String, List<TaskChange>> events = new LinkedHashMap<>();
  private final List<TenantDecisions> decisions = new ArrayList<>();
  private final List<ShapeWait> waits = new ArrayList<>();
  private final List<ShapeRow> shapes = new ArrayList<>();
  private final List<Integer> droppedShapes = new ArrayList<>();
  private final List<WorkerDrain> drains = new ArrayList<>();
  private final List<TaskId> specsWanted = new ArrayList<>();
  private @Nullable OpenBuckets buckets;

  private BatchDraft(Memory memory, long number) {
    this.memory = memory;
    this.number = number;
  }

  /** A waiting task of {@link #TENANT}. */
  public TaskId admit() {
    return admit(memory.newId(), TENANT, "", null);
  }

  public TaskId admit(String tenant, String requestId) {
    return admit(memory.newId(), tenant, requestId, null);
  }

  /**
   * @param attempt as on the fast path; null waits
   */
  public TaskId admit(TaskId id, String tenant, String requestId, @Nullable LeaseRef attempt) {
    TaskOrigin origin =
        new TaskOrigin(
            tenant,
            new Urgency(PriorityClass.P4, 7_000),
            3,
            ++memory.seq,
            new RetryTerms(5, false, true, 1_500, 60_000),
            new Affinity(0xfffe),
            id.mintedAtMillis() + 3_600_000);
    TaskState state = attempt == null ? TaskState.QUEUED : TaskState.LEASED;
    TaskProgress progress = new TaskProgress(state, 0, 0, 0, attempt, 0);
    SpecRow spec =
        new SpecRow(spec(id), "user@" + tenant, requestId, document("digest"), "00-ab", USER);
    admitted.add(new AdmittedTask(new TaskRow(id, origin, progress), spec));
    memory.tenants.put(id, tenant);
    if (attempt != null) {
      event(id, TaskState.QUEUED, 0, null);
    }
    event(id, state, attempt == null ? 0 : attempt.number(), attempt);
    return id;
  }

  public LeaseRef lease(int number) {
    return new LeaseRef(number, WORKER, ++memory.fence);
  }

  public BatchDraft change(TaskId id, TaskProgress progress) {
    return change(id, memory.commitOf(id), progress);
  }

  public BatchDraft change(TaskId id, long expectedCommit, TaskProgress progress) {
    changed.add(new ChangedTask(id, memory.tenantOf(id), expectedCommit, progress));
    LeaseRef attempt = progress.attempt();
    event(id, progress.state(), attempt == null ? 0 : attempt.number(), attempt);
    return this;
  }

  /** Ends a task well. */
  public BatchDraft succeed(TaskId id, LeaseRef lease, String result) {
    results.add(new TaskResult(id, lease.number(), document(result)));
    TaskProgress progress = new TaskProgress(TaskState.SUCCEEDED, 0, 0, 0, lease, lease.number());
    return change(id, progress);
  }

  public BatchDraft result(TaskId id, int attempt, String result) {
    results.add(new TaskResult(id, attempt, document(result)));
    return this;
  }

  public BatchDraft end(TaskId id, LeaseRef lease, AttemptState state, @Nullable String result) {
    return end(id, lease, state, result, Instant.parse("2026-01-02T03:04:05.678901Z"));
  }

  /** Of one that was leased then. */
  public BatchDraft end(
      TaskId id, LeaseRef lease, AttemptState state, @Nullable String result, Instant start) {
    Document body = result == null ? null : document(result);
    ended.add(new EndedAttempt(id, lease, state, start, PROBLEM, body));
    return this;
  }

  public BatchDraft deadLetter(TaskId id, int attempts) {
    return deadLetter(id, attempts, PROBLEM);
  }

  public BatchDraft deadLetter(TaskId id, int attempts, Problem problem) {
    deadLetters.add(new DeadLetter(id, memory.tenantOf(id), attempts, problem));
    return this;
  }

  /**
   * @param redrivenAs null purges
   */
  public BatchDraft settle(TaskId letter, @Nullable TaskId redrivenAs) {
    settledLetters.add(new SettledLetter(letter, memory.tenantOf(letter), redrivenAs));
    return this;
  }

  /** Purges a letter as that of a tenant of one's choice. */
  public BatchDraft settleAs(String tenant, TaskId letter) {
    settledLetters.add(new SettledLetter(letter, tenant, null));
    return this;
  }

  public BatchDraft event(TaskId id, TaskState state, int attempt, @Nullable LeaseRef lease) {
    events
        .computeIfAbsent(memory.tenantOf(id), tenant -> new ArrayList<>())
        .add(
            new TaskChange(
                id,
                memory.commitOf(id),
                state,
                attempt,
                lease == null ? null : lease.worker(),
                state == TaskState.FAILED ? "EXIT_NONZERO" : ""));
    return this;
  }

  /** What an attempt has used of a model so far. */
  public BatchDraft tokens(TaskId id, int attempt, String model, long input, long output) {
    return tokens(id, attempt, model, new TokenCount(input, output), 0, TokenCount.NONE);
  }

  /** With what of it was told on the last day. */
  public BatchDraft tokens(
      TaskId id, int attempt, String model, TokenCount total, long day, TokenCount today) {
    tokens.add(new UsedTokens(id, attempt, model, total, day, today));
    return this;
  }

  public BatchDraft decision(String tenant, String body) {
    decisions.add(new TenantDecisions(tenant, document(body)));
    return this;
  }

  public BatchDraft wait(int shape, String tenant, String body) {
    waits.add(new ShapeWait(shape, tenant, document(body)));
    return this;
  }

  public BatchDraft shape(int id, String tenant) {
    shapes.add(new ShapeRow(id, tenant, document("shape " + id)));
    return this;
  }

  public BatchDraft shape(int id, String tenant, Requirements need) {
    shapes.add(new ShapeRow(id, tenant, RequirementsCodec.encode(need)));
    return this;
  }

  public BatchDraft dropShape(int id) {
    droppedShapes.add(id);
    return this;
  }

  public BatchDraft drain(WorkerDrain drain) {
    drains.add(drain);
    return this;
  }

  public BatchDraft wantSpec(TaskId id) {
    specsWanted.add(id);
    return this;
  }

  public BatchDraft buckets(List<Long> minutes, long readFrom) {
    buckets = new OpenBuckets(minutes, readFrom);
    return this;
  }

  /** The batch, taken for written. */
  public GroupCommit done() {
    GroupCommit batch = batch(number);
    memory.commit = number;
    admitted.forEach(task -> memory.commits.put(task.row().id(), number));
    changed.forEach(task -> memory.commits.put(task.id(), number));
    return batch;
  }

  /** The batch under a number of one's choice; nothing is remembered. */
  public GroupCommit batch(long as) {
    List<TenantEvents> rows = new ArrayList<>();
    events.forEach((tenant, changes) -> rows.add(new TenantEvents(tenant, changes)));
    return new GroupCommit(
        new CellHead(as, memory.seq, memory.fence, 9),
        new TaskRows(admitted, changed, ended, results, deadLetters, settledLetters, tokens),
        rows,
        new PlacementRows(decisions, waits, shapes, droppedShapes, drains),
        specsWanted,
        buckets);
  }

  public static Document spec(TaskId id) {
    return document("spec of " + id);
  }

  public static Document document(String text) {
    return Document.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
