package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.Meter;
import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenTally;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.OpenRows;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.TaskOrigin;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes a cell from what a takeover reads. Not thread-safe; any one thread. */
public final class CellLoader implements OpenRows {

  private static final long SAME_EXPIRY_MILLIS = 2_000;

  private final CellSettings settings;
  private final Policies policies;
  private final long epoch;
  private final RandomGenerator random;
  private final long nowNanos;
  private @Nullable CellCore core;
  private final List<OpenTask> early = new ArrayList<>();
  private final List<TaskEntry> entries = new ArrayList<>();
  private final Map<TaskId, List<WorkerId>> failedOn = new HashMap<>();
  private final Map<TaskId, Long> notBefore = new HashMap<>();
  private final Map<TaskId, Charge> spent = new HashMap<>();
  private final Map<TaskId, Map<String, Charge>> spentOnTokens = new HashMap<>();
  private final Map<TaskId, Long> prices = new HashMap<>();
  private final Map<TaskId, List<UsedTokens>> tokens = new HashMap<>();
  private final List<TenantBudget> budgets = new ArrayList<>();
  private final List<TenantTier> tiers = new ArrayList<>();
  private final Map<TaskId, String> owners = new HashMap<>();
  private final Set<Integer> known = new HashSet<>();

  public CellLoader(
      CellSettings settings, Policies policies, long epoch, RandomGenerator random, long nowNanos) {
    this.settings = settings;
    this.policies = policies;
    this.epoch = epoch;
    this.random = random;
    this.nowNanos = nowNanos;
  }

  @Override
  public void head(CellHead head, Instant databaseTime) {
    CellCore made = new CellCore(settings, policies, epoch, random, nowNanos, databaseTime);
    made.lastCommit = head.commit();
    made.lastSeq = head.seq();
    made.lastFence = head.fence();
    made.shapes.startAfter(head.shape());
    core = made;
  }

  @Override
  public void shape(ShapeRow shape) {
    core().shapes.load(shape);
    known.add(shape.id());
  }

  @Override
  public void drain(WorkerDrain drain) {
    Worker worker = core().fleet.get(drain.worker());
    worker.drain = drain.stage();
    worker.drainDeadlineMillis = drain.deadlineMillis();
    worker.slot.draining(drain.stage() != WorkerDrain.Stage.NONE);
  }

  @Override
  public void task(OpenTask task) {
    if (known.contains(task.row().origin().shape())) {
      add(task);
    } else {
      early.add(task);
    }
  }

  @Override
  public void failedOn(TaskId task, WorkerId worker) {
    failedOn.computeIfAbsent(task, id -> new ArrayList<>()).add(worker);
  }

  @Override
  public void spent(TaskId task, Charge charge) {
    spent.put(task, charge);
  }

  @Override
  public void spentOnTokens(TaskId task, String currency, Charge charge) {
    spentOnTokens.computeIfAbsent(task, id -> new HashMap<>()).put(currency, charge);
  }

  @Override
  public void price(TaskId task, long microsPerHour) {
    prices.put(task, microsPerHour);
  }

  @Override
  public void tokens(UsedTokens used) {
    tokens.computeIfAbsent(used.task(), id -> new ArrayList<>()).add(used);
  }

  @Override
  public void modelPrices(ModelPrices prices) {
    core().modelPrices = prices;
  }

  @Override
  public void owner(TaskId task, String user) {
    owners.put(task, user);
  }

  @Override
  public void budget(TenantBudget budget) {
    budgets.add(budget);
  }

  @Override
  public void tier(TenantTier tier) {
    tiers.add(tier);
  }

  /**
   * The cell with everything in its place. Leases of workers that are not here yet wait for them.
   *
   * @param now when the cell goes into service, monotonic
   */
  public Cell cell(long now) {
    CellCore loaded = core();
    loaded.clock.moveTo(now);
    early.forEach(this::add);
    entries.sort(Comparator.comparingLong(TaskEntry::seq));
    for (TaskEntry entry : entries) {
      place(loaded, entry);
    }
    budgets.forEach(budget -> loaded.accounts.set(budget, loaded, loaded.lastCommit));
    tiers.forEach(tier -> loaded.levels.set(tier, loaded.fleet));
    long until = now + settings.leases().takeoverGrace().toNanos();
    for (Worker worker : loaded.fleet.all()) {
      if (worker.open() > 0) {
        worker.absentUntil = until;
        worker.goneSince = now;
      }
      loaded.settleDrain(worker);
    }
    return new Cell(loaded, policies);
  }

  private CellCore core() {
    return Objects.requireNonNull(core, "head comes first");
  }

  private void add(OpenTask task) {
    TaskOrigin origin = task.row().origin();
    Shape shape = core().shapes.get(origin.shape());
    int expirySecond = (int) Math.ceilDiv(origin.expiresAtMillis(), 1_000L);
    boolean ownExpiry = !classExpiry(task.row().id(), origin);
    TaskStream stream = Shapes.stream(shape, origin.priority(), origin.retry(), ownExpiry);
    if (stream == null) {
      stream = new TaskStream(origin.priority(), shape, origin.retry(), ownExpiry);
    }
    TaskEntry entry =
        new TaskEntry(
            task.row().id(),
            origin.seq(),
            stream,
            expirySecond,
            origin.urgency().deadlineCode(),
            origin.affinity());
    TaskProgress progress = task.row().progress();
    entry.state(progress.state());
    entry.failures(progress.failures());
    entry.losses(progress.losses());
    entry.lastCommit(task.lastCommit());
    entry.owned(policies.shards().on());
    LeaseRef lease = progress.attempt();
    if (lease != null) {
      entry.attempt(attempt(entry, lease, progress, task.attemptStart()));
    } else if (progress.notBeforeMillis() > 0) {
      notBefore.put(task.row().id(), progress.notBeforeMillis());
      entry.timed(true);
    }
    entries.add(entry);
  }

  /** Rows say when a task expires, not why then; its id tells about when it was admitted. */
  private static boolean classExpiry(TaskId id, TaskOrigin origin) {
    long patience = origin.expiresAtMillis() - id.mintedAtMillis();
    return Math.abs(patience - origin.priority().defaultExpiry().toMillis()) <= SAME_EXPIRY_MILLIS;
  }

  private Attempt attempt(
      TaskEntry entry, LeaseRef lease, TaskProgress progress, @Nullable Instant start) {
    Worker worker = core().fleet.get(lease.worker());
    Attempt attempt = new Attempt(entry, lease.number(), lease.fence(), worker);
    attempt.start = start;
    attempt.notBeforeMillis = progress.notBeforeMillis();
    attempt.open = progress.state() != TaskState.QUEUED;
    attempt.running = progress.state() == TaskState.RUNNING;
    attempt.runningStored = attempt.running;
    return attempt;
  }

  private void place(CellCore loaded, TaskEntry entry) {
    TaskId id = entry.id();
    loaded.opened(entry, id);
    loaded.userLevels.put(entry, owners.getOrDefault(id, ""));
    Attempt attempt = entry.attempt();
    if (attempt != null) {
      attempt.failedOn = failedOn.getOrDefault(id, List.of());
      attempt.spending = spending(id, attempt);
      recall(attempt, tokens.getOrDefault(id, List.of()));
      if (attempt.open) {
        attempt.leaseEnd = loaded.clock.nanos() + settings.leases().ttl().toNanos();
        loaded.leased(attempt);
        loaded.budgets.begun(attempt);
        loaded.budgets.metered(attempt, loaded.modelPrices);
        loaded.ready.held(entry.stream);
        return;
      }
    }
    long start = attempt == null ? notBefore.getOrDefault(id, 0L) : attempt.notBeforeMillis;
    loaded.await(entry, start, attempt == null);
  }

  private static void recall(Attempt attempt, List<UsedTokens> rows) {
    SortedMap<String, TokenCount> total = new TreeMap<>();
    SortedMap<String, TokenCount> before = new TreeMap<>();
    long day = 0;
    for (UsedTokens used : rows) {
      if (used.attempt() == attempt.number) {
        total.put(used.model(), used.tokens());
        before.put(used.model(), used.tokens().beyond(used.today()));
        day = Math.max(day, used.day());
      } else {
        attempt.tokensBefore = TokenCount.sum(attempt.tokensBefore, used.tokens().total());
      }
    }
    if (!total.isEmpty()) {
      attempt.tokens = new TokenTally(new TokenUse(total), new TokenUse(before), day);
    }
  }

  private @Nullable Spending spending(TaskId id, Attempt attempt) {
    Budget budget = attempt.task.stream.shape.need.destination().budget();
    if (!budget.isSet()) {
      return null;
    }
    Long price = prices.get(id);
    Charge models =
        spentOnTokens.getOrDefault(id, Map.of()).getOrDefault(budget.currency(), Charge.NONE);
    Charge before = spent.getOrDefault(id, Charge.NONE).plus(models);
    Meter meter = new Meter(budget, before, price == null ? 0 : price);
    return new Spending(attempt, meter, price != null);
  }
}
