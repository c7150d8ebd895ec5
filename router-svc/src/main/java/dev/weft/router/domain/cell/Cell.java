package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cell under one epoch: a single-threaded machine without I/O. Inputs change memory at once and
 * gather rows; what they cause outside is released only when the commit that holds the rows is
 * durable. One commit is in flight at a time.
 *
 * <p>The owner calls {@link #now} before the inputs of a moment, {@link #seal} when no commit is in
 * flight, and {@link #immediate} after either.
 */
public final class Cell {

  private final CellCore core;
  private final Ejector ejector;
  private final Attempts attempts;
  private final BudgetLimits limits;
  private final Reports reports;
  private final Sessions sessions;
  private final Admission admission;
  private final Letters letters;
  private final Dispatch dispatch;
  private final Cancels cancels;
  private final Drains drains;
  private final Judge judge;
  private final Waits waits;
  private final CellTenants tenants;
  private long nextBuckets;
  private Draft.@Nullable Sealed inFlight;

  Cell(CellCore core, Policies policies) {
    this.core = core;
    this.ejector = new Ejector(core, policies.filter());
    this.attempts = new Attempts(core, ejector);
    this.limits = new BudgetLimits(core, attempts);
    this.reports = new Reports(core, attempts);
    this.sessions = new Sessions(core, attempts, reports);
    this.admission = new Admission(core, policies.order(), ejector);
    this.letters = new Letters(core, admission);
    this.dispatch = new Dispatch(core, policies, attempts, limits, ejector);
    this.cancels = new Cancels(core);
    this.drains = new Drains(core);
    this.judge = new Judge(core, attempts);
    this.waits = new Waits(core);
    this.tenants = new CellTenants(core, limits, ejector);
    this.nextBuckets = core.clock.nanos();
  }

  public long epoch() {
    return core.epoch;
  }

  /**
   * Moves the cell's time on.
   *
   * @param nanos monotonic
   */
  public void now(long nanos) {
    core.clock.moveTo(nanos);
  }

  public void submit(Submission submission, int item, SubmitReply reply) {
    admission.submit(submission, item, reply);
  }

  /**
   * Submits a failed task's work again and settles its dead letter in the same commit; one that was
   * settled meanwhile is answered with the first redrive's task.
   */
  public void redrive(TaskId letter, Submission submission, int item, SubmitReply reply) {
    letters.redrive(letter, submission, item, reply);
  }

  /**
   * Takes dead letters out of the queue.
   *
   * @param lookedUpNanos when, on the monotonic clock, the journal was asked for them
   * @return how many; the others were settled meanwhile
   */
  public int purge(String tenant, List<TaskId> ofTasks, long lookedUpNanos, SettledReply reply) {
    return letters.purge(tenant, ofTasks, lookedUpNanos, reply);
  }

  /** A key was looked up and is another spec's; for the owner, which answers it by itself. */
  public static Denial idempotencyConflict(String requestId) {
    return Admission.conflict(requestId);
  }

  /** A waiting task ends at once; a leased one is told to, and ends when its worker says so. */
  public void cancel(String tenant, TaskId id, SettledReply reply) {
    cancels.cancel(tenant, id, reply);
  }

  public void hello(WorkerLink link, Hello hello) {
    sessions.hello(link, hello);
  }

  public void gone(WorkerId worker, WorkerLink link) {
    sessions.gone(worker, link);
  }

  public void capacity(WorkerId worker, WorkerLink link, Capacity capacity) {
    sessions.capacity(worker, link, capacity);
  }

  public void draining(WorkerId worker, WorkerLink link, boolean draining) {
    sessions.draining(worker, link, draining);
  }

  public void renewal(WorkerId worker, WorkerLink link, long number, List<AttemptKey> held) {
    sessions.renewal(worker, link, number, held);
  }

  public void started(WorkerId worker, AttemptKey key) {
    reports.started(worker, key);
  }

  public void used(WorkerId worker, AttemptKey key, TokenUse use) {
    reports.used(worker, key, use);
  }

  public void report(WorkerId worker, WorkerLink link, Report report) {
    reports.report(worker, link, report);
  }

  public void rejected(WorkerId worker, AttemptKey key, String why) {
    reports.rejected(worker, key, why);
  }

  public void show(WorkerView view, long revision) {
    core.fleet.show(view, revision, core.clock.nanos() + core.settings.leases().ttl().toNanos());
    core.budgets.seen(core.fleet.get(view.id()), view.site());
    core.accounts.seen(core.fleet.get(view.id()), view.site());
  }

  public void hide(WorkerId worker, long revision) {
    core.fleet.hide(worker, revision);
  }

  public void beginDrain(WorkerId worker, Duration grace, DrainReply reply) {
    drains.begin(worker, grace, reply);
  }

  /** From now on chooses by this policy if it is newer than the one in force; answers whether. */
  public boolean adopt(PlacementPolicy policy) {
    return dispatch.adopt(policy);
  }

  /** What single tenants may have. */
  public CellTenants tenants() {
    return tenants;
  }

  /** Whose the open tasks are, and their shards. */
  public CellUsers users() {
    return core.users;
  }

  /** No verdicts while the database is away, nor of that time afterwards. */
  public void databaseAway(boolean away) {
    judge.databaseAway(away);
  }

  /** What time alone brings; called several times a second. */
  public void tick() {
    judge.look();
    limits.look(inFlight == null);
    ejector.look();
    waits.look();
    core.users.look();
    dispatch.look();
    drains.enforce();
    core.keys.forgetOld(core.clock.nanos());
    core.ended.forgetOld(core.clock.nanos());
    letters.forgetOld();
    if (core.clock.nanos() >= nextBuckets) {
      nextBuckets = core.clock.nanos() + core.settings.rhythm().buckets().toNanos();
      long now = core.clock.databaseMillis();
      if (core.buckets.stale(now)) {
        core.draft.buckets(core.buckets.snapshot(now));
      }
    }
  }

  /** The draft takes no more task rows for now. */
  public boolean full() {
    return core.draft.rows() >= core.settings.bounds().batchRows();
  }

  /** Whether there is more to place, though nothing has come since the last time. */
  public boolean unfinished() {
    return dispatch.cutShort();
  }

  /**
   * Places what can be placed and closes the draft. Only when no commit is in flight.
   *
   * @return what is to be written; empty when nothing is
   */
  public Optional<GroupCommit> seal() {
    if (inFlight != null) {
      throw new IllegalStateException("commit in flight: " + inFlight.commit().number());
    }
    dispatch.round();
    if (core.draft.nothingToWrite()) {
      core.immediate.addAll(core.draft.effects());
      core.draft.effects().clear();
      return Optional.empty();
    }
    attempts.writeStarted();
    if (core.buckets.urgent()) {
      core.draft.buckets(core.buckets.snapshot(core.clock.databaseMillis()));
    }
    CellHead head =
        new CellHead(++core.lastCommit, core.lastSeq, core.lastFence, core.shapes.lastId());
    inFlight = core.draft.seal(head);
    core.draft = new Draft();
    return Optional.of(inFlight.commit());
  }

  /**
   * The commit in flight is durable.
   *
   * @param fresh whether it was written just now; the receipt of one that was written before says
   *     nothing about the database's present time
   */
  public Release committed(CommitReceipt receipt, boolean fresh) {
    Draft.Sealed sealed = inFlight;
    if (sealed == null || sealed.commit().number() != receipt.number()) {
      throw new IllegalStateException("receipt of commit " + receipt.number() + ", not in flight");
    }
    inFlight = null;
    if (fresh) {
      core.clock.databaseTime(receipt.commitTime());
    }
    List<Effect> effects = sealed.effects();
    Map<TaskId, StoredSpec> read = new HashMap<>();
    for (StoredSpec spec : receipt.specs()) {
      read.put(spec.task(), spec);
      core.specs.put(spec);
    }
    core.lastDurable = receipt.commitTime();
    core.accounts.durable(receipt.number(), receipt.commitTime(), sealed.ended());
    for (Draft.Lease lease : sealed.leases()) {
      lease.attempt().start = receipt.commitTime();
      StoredSpec spec = lease.spec();
      attempts
          .durable(lease, spec == null ? read.get(lease.attempt().key().task()) : spec)
          .ifPresent(effects::add);
    }
    return new Release(receipt.number(), receipt.commitTime(), effects, sealed.commit().events());
  }

  /** Effects that wait for nothing; the caller releases them now. */
  public List<Effect> immediate() {
    List<Effect> effects = core.immediate;
    if (!effects.isEmpty()) {
      core.immediate = new ArrayList<>();
    }
    return effects;
  }

  /** The answers to everybody who waits, since this memory is given up. */
  public List<Effect> abandon(Denial reason) {
    List<Effect> denials = new ArrayList<>(Draft.denied(core.immediate, reason));
    if (inFlight != null) {
      denials.addAll(Draft.denied(inFlight.effects(), reason));
    }
    denials.addAll(core.draft.denied(reason));
    return denials;
  }

  /** For tests that look inside. */
  CellCore core() {
    return core;
  }

  /** For tests that look inside. */
  Ejector ejector() {
    return ejector;
  }

  /** A look at the memory; see {@link CellView}. */
  public CellView view() {
    return new CellView(core, ejector);
  }
}
