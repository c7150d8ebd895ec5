package dev.weft.router.domain.cell;

import dev.weft.router.domain.cost.ModelPrices;
import dev.weft.router.domain.cost.TenantSpending;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.fleet.PresentWorker;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.limit.TenantLevels;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/** What the memory knows and rows do not say, or not so soon. Used on the cell's thread. */
public final class CellView {

  /**
   * Above it a tenant's open tasks are so many that the store finds a page of them quickly, and a
   * look at all of them (about 10 ns each) would be felt by those whose work is placed meanwhile.
   */
  public static final int LISTABLE = 5_000;

  private final CellCore core;
  private final Ejector ejector;

  CellView(CellCore core, Ejector ejector) {
    this.ejector = ejector;
    this.core = core;
  }

  /** The state that an open task has right now, and what it waits for. */
  public Optional<Live> live(TaskId id) {
    TaskEntry entry = core.tasks.get(id);
    return entry == null
        ? Optional.empty()
        : Optional.of(new Live(entry.state(), new WaitReasons(core).of(entry)));
  }

  /**
   * What a worker holds by this attempt now; empty when the attempt is unknown or over, is another
   * worker's, or its lease has run out.
   */
  public Optional<Held> held(WorkerId worker, AttemptKey key) {
    return newest(worker, key)
        .filter(attempt -> attempt.open && core.clock.nanos() < attempt.leaseEnd)
        .map(
            attempt ->
                new Held(attempt.task.tenant(), Optional.ofNullable(core.specs.get(key.task()))));
  }

  /**
   * The tenant in whose name a worker may write this attempt's log: one that it holds, whose lease
   * has run out, or that ended lately. No other attempt ever writes there, so a late word does no
   * harm.
   */
  public Optional<String> logTenant(WorkerId worker, AttemptKey key) {
    return newest(worker, key)
        .map(attempt -> attempt.task.tenant())
        .or(() -> core.ended.tenant(worker, key, core.clock.nanos()));
  }

  private Optional<Attempt> newest(WorkerId worker, AttemptKey key) {
    TaskEntry entry = core.tasks.get(key.task());
    return Optional.ofNullable(entry == null ? null : entry.attempt())
        .filter(
            attempt ->
                attempt.fence == key.fence()
                    && attempt.number == key.attempt()
                    && attempt.worker.id().equals(worker));
  }

  /**
   * A tenant's newest open tasks in these states; empty when there are too many to look through.
   */
  public Optional<List<TaskId>> newest(
      String tenant, Set<TaskState> states, Optional<TaskId> before, int most) {
    if (core.tasks.size() > LISTABLE) {
      return Optional.empty();
    }
    PriorityQueue<TaskId> newest = new PriorityQueue<>();
    core.tasks.forEach(
        entry -> {
          if (entry.tenant().equals(tenant) && states.contains(entry.state())) {
            TaskId id = entry.id();
            if (before.isEmpty() || id.compareTo(before.get()) < 0) {
              newest.add(id);
              if (newest.size() > most) {
                newest.poll();
              }
            }
          }
        });
    List<TaskId> ids = new ArrayList<>(newest);
    ids.sort(Comparator.reverseOrder());
    return Optional.of(ids);
  }

  /** Figures for metrics and tests. */
  public Figures figures() {
    int[] waiting = new int[PriorityClass.values().length];
    int open = 0;
    int connected = 0;
    for (Worker worker : core.fleet.all()) {
      open += worker.open();
      connected += worker.link == null ? 0 : 1;
    }
    for (Shape shape : core.shapes.all()) {
      for (TaskStream stream : shape.streams) {
        waiting[stream.priority.code()] += stream.open;
      }
    }
    return new Figures(
        core.tasks.size(),
        core.waiting,
        open,
        connected,
        Arrays.stream(waiting).boxed().toList(),
        core.tally.levels(),
        ejector.figures());
  }

  /** What waits and runs, by shape and class. */
  public List<DemandOfShape> demand() {
    return new DemandCount(core).all();
  }

  /** The placer's epoch. */
  public long epoch() {
    return core.epoch;
  }

  /** Another number than before: who is there, or how, may be different. */
  public long fleetVersion() {
    return core.fleet.version();
  }

  /** The connected workers that the registry has shown. */
  public List<PresentWorker> present() {
    List<PresentWorker> present = new ArrayList<>();
    for (Worker worker : core.fleet.all()) {
      WorkerView view = worker.slot.view();
      if (worker.link != null && view != null) {
        present.add(
            new PresentWorker(view, worker.slot.credit().capacity(), worker.slot.draining()));
      }
    }
    return present;
  }

  /** Attempts that take credit from a worker. */
  public int open(WorkerId worker) {
    Worker known = core.fleet.find(worker);
    return known == null ? 0 : known.open();
  }

  /** The ways down to the connected workers. */
  public List<WorkerLink> links() {
    List<WorkerLink> links = new ArrayList<>();
    for (Worker worker : core.fleet.all()) {
      if (worker.link != null) {
        links.add(worker.link);
      }
    }
    return links;
  }

  /** Where tenants stand with their budgets: all that have one, or one of them. */
  public List<TenantSpending> budgets(Optional<String> tenant) {
    return core.accounts.spending(tenant, core.clock.databaseMillis());
  }

  /** What models' tokens cost. */
  public ModelPrices modelPrices() {
    return core.modelPrices;
  }

  /** Where tenants stand with their limits: all that have a tier, or one of them. */
  public List<TenantLevels> levels(Optional<String> tenant) {
    return core.levels.levels(tenant, core.userLevels::most);
  }

  /** What must be summed up from stored attempts before those tenants' work goes on. */
  public List<UncountedDay> uncounted() {
    return core.accounts.uncounted();
  }

  /** Credit that is taken without an open attempt or a ghost that explains it. */
  public List<WorkerId> leakedCredit() {
    List<WorkerId> leaks = new ArrayList<>();
    for (Worker worker : core.fleet.all()) {
      if (worker.open() == 0 && !worker.haunted() && !worker.slot.credit().unused()) {
        leaks.add(worker.id());
      }
    }
    return leaks;
  }

  /**
   * What the cell holds.
   *
   * @param openByClass open tasks of each class
   */
  public record Figures(
      int tasks,
      int waiting,
      int open,
      int connected,
      List<Integer> openByClass,
      ServiceLevels levels,
      Ejections ejections) {}

  /** A lease that is held; the spec where memory still has it. */
  public record Held(String tenant, Optional<StoredSpec> spec) {}

  /** An open task as it is now. */
  public record Live(TaskState state, String waitingFor) {}
}
