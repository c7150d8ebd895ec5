package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What the parts of a cell share. One thread. */
final class CellCore {

  final CellSettings settings;
  final long epoch;
  final RandomGenerator random;
  final CellClock clock;
  final TaskTable tasks = new TaskTable();
  final HolderTable holders = new HolderTable();
  final Fleet fleet = new Fleet();
  final CellUsers users;
  final ReadyIndex ready;
  final Reserve reserve;
  final Preemption preemption = new Preemption(this);
  final Tally tally = new Tally();
  final Timers timers = new Timers();
  final Buckets buckets = new Buckets();
  final Shapes shapes;
  final SpecCache specs;
  final RecentKeys keys;
  final Budgets budgets;
  final TokenBook tokens;
  ModelPrices modelPrices = ModelPrices.NONE;
  final TenantAccounts accounts = new TenantAccounts(() -> modelPrices.version() > 0);
  final LevelAccounts levels = new LevelAccounts();
  final UserLevels userLevels;
  final EndedAttempts ended = new EndedAttempts(EndedAttempts.MOST, EndedAttempts.KEEP);
  final long bornNanos;

  /** What gathers for the next commit. */
  Draft draft = new Draft();

  /** Effects that rest on nothing but this placer's memory. */
  List<Effect> immediate = new ArrayList<>();

  long lastCommit;

  /** Database time of the last durable commit, or of the takeover. */
  Instant lastDurable;

  long lastSeq;
  long lastFence;
  int waiting;

  CellCore(
      CellSettings settings,
      Policies policies,
      long epoch,
      RandomGenerator random,
      long nowNanos,
      Instant databaseTime) {
    this.settings = settings;
    this.epoch = epoch;
    this.random = random;
    this.clock = new CellClock(nowNanos, databaseTime);
    this.budgets = new Budgets(clock);
    this.tokens = new TokenBook(clock);
    this.bornNanos = nowNanos;
    this.lastDurable = databaseTime;
    OrderPolicy order = policies.order();
    this.users = new CellUsers(fleet, tasks, clock, policies.shards());
    this.ready = new ReadyIndex(order::weight, order.agedEvery());
    this.userLevels = new UserLevels(levels, ready, clock);
    this.reserve = new Reserve(fleet, order.reservePercent());
    this.shapes = new Shapes(settings.bounds().shapesPerTenant());
    this.specs = new SpecCache(settings.bounds().specBytes());
    this.keys = new RecentKeys(settings.rhythm().keys().toNanos());
  }

  /** Takes an open task up: the table, the bucket, the counts. */
  void opened(TaskEntry entry, TaskId id) {
    tasks.add(entry);
    buckets.opened(id);
    entry.stream.open++;
    entry.stream.shape.open++;
    if (entry.waiting()) {
      waiting++;
    }
  }

  /** Moves a task on and writes the step down; a terminal one is forgotten. */
  void move(TaskEntry entry, TaskState next, String reason) {
    boolean waited = entry.waiting();
    boolean queued = waited && !entry.delayed();
    entry.state(next);
    if (waited && next != TaskState.QUEUED) {
      waiting--;
      entry.delayed(false);
    } else if (!waited && next == TaskState.QUEUED) {
      waiting++;
    }
    draft.change(entry, reason);
    if (next.terminal()) {
      tally.ended(entry, next, clock.databaseMillis());
      forget(entry, queued);
    }
  }

  private void forget(TaskEntry entry, boolean queued) {
    TaskId id = entry.id();
    tasks.remove(entry);
    holders.remove(entry);
    users.remove(entry);
    buckets.closed(id);
    specs.remove(id);
    keys.ended(id);
    entry.stream.open--;
    entry.stream.shape.open--;
    if (queued && !entry.withheld()) {
      entry.stream.died();
    }
    userLevels.remove(entry);
  }

  /**
   * What an attempt has used of models since it began: it costs its task's budget and its tenant's.
   */
  void used(Attempt attempt, TokenUse use) {
    if (tokens.heard(attempt, use)) {
      budgets.metered(attempt, modelPrices);
      accounts.metered(attempt, modelPrices, clock.databaseMillis());
    }
  }

  /** An attempt takes credit, and its share of what the order counts. */
  void leased(Attempt attempt) {
    attempt.worker.opened(attempt);
    reserve.opened(attempt);
    preemption.opened(attempt);
    levels.opened(attempt);
    userLevels.opened(attempt);
    users.opened(attempt);
    budgets.opened(attempt);
  }

  /** It gives all that back. */
  void released(Attempt attempt) {
    attempt.worker.closed(attempt);
    reserve.closed(attempt);
    preemption.closed(attempt);
    levels.closed(attempt);
    userLevels.closed(attempt);
    users.closed(attempt);
    budgets.closed(attempt);
    accounts.closed(attempt, draft);
    tokens.closed(attempt, draft);
    ready.released(attempt.task.stream);
  }

  /**
   * A closed attempt may go on at its worker for a while: it is told to end there, and keeps its
   * credit until it is seen to.
   */
  void leave(Attempt attempt) {
    Worker worker = attempt.worker;
    worker.haunt(attempt);
    WorkerLink link = worker.link;
    if (link != null) {
      draft.effect(new Effect.Cancel(link, attempt.key()));
    } else if (worker.goneSince == 0) {
      // Its absence was once over already: from here it counts anew, or the ghost would never be
      // laid.
      worker.goneSince = clock.nanos();
    }
  }

  /** The last commit that may hold what has happened until now. */
  long gathering() {
    return draft.nothingToWrite() ? lastCommit : lastCommit + 1;
  }

  /** Puts a waiting task where it waits: for its time, or for a worker. */
  void await(TaskEntry entry, long notBeforeMillis, boolean isNew) {
    if (notBeforeMillis > clock.databaseMillis()) {
      entry.delayed(true);
      timers.add(Math.min(notBeforeMillis, entry.expiresAtMillis()), entry);
    } else if (isNew) {
      ready.add(entry);
    } else {
      ready.giveBack(entry);
    }
    if (entry.stream.ownExpiry && !entry.delayed()) {
      timers.add(entry.expiresAtMillis(), entry);
    }
  }

  /** Writes DRAINED once nothing is there any more, nor may be. */
  void settleDrain(Worker worker) {
    if (worker.drain == WorkerDrain.Stage.DRAINING && worker.open() == 0 && !worker.haunted()) {
      worker.drain = WorkerDrain.Stage.DRAINED;
      draft.drain(
          new WorkerDrain(worker.id(), worker.drainDeadlineMillis, WorkerDrain.Stage.DRAINED));
    }
  }
}
