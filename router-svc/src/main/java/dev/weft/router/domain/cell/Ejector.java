package dev.weft.router.domain.cell;

import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.outlier.Ejection;
import dev.weft.router.domain.outlier.Ended;
import dev.weft.router.domain.outlier.Evidence;
import dev.weft.router.domain.outlier.Outliers;
import dev.weft.router.domain.outlier.Scope;
import dev.weft.router.domain.outlier.Suspicion;
import dev.weft.router.domain.outlier.Suspicion.Cause;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.Refusal;
import dev.weft.router.domain.placement.RejectReason;
import dev.weft.router.domain.task.WorkerId;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps workers out of a tenant's work on which that tenant's attempts end otherwise than on the
 * others, as long as enough others stay. What a tenant's attempts say counts for that tenant alone:
 * nothing that it submits takes a worker from anybody else. All of it is memory: a new placer
 * begins without suspicion.
 */
final class Ejector {

  private final CellCore core;
  private final HardFilter filter;
  private final Map<String, Outliers> byTenant = new HashMap<>();
  private final Set<Shape> touched = new LinkedHashSet<>();
  private final Map<Cause, Long> byCause = new EnumMap<>(Cause.class);
  private long spared;

  Ejector(CellCore core, HardFilter filter) {
    this.core = core;
    this.filter = filter;
  }

  void leased(Attempt attempt) {
    Shape shape = attempt.task.stream.shape;
    Outliers outliers = byTenant.get(shape.tenant);
    if (outliers != null) {
      outliers.leased(attempt.worker.id(), shape.need.executor(), shape.id, attempt.fence);
      touch(shape.tenant, outliers);
    }
  }

  void ended(Attempt attempt, Evidence evidence) {
    Shape shape = attempt.task.stream.shape;
    Outliers outliers = byTenant.get(shape.tenant);
    if (outliers == null) {
      if (evidence == Evidence.NOTHING) {
        return;
      }
      outliers = new Outliers(core.settings.outliers());
      byTenant.put(shape.tenant, outliers);
    }
    Suspicion suspicion =
        outliers.ended(
            new Ended(
                attempt.worker.id(),
                attempt.fence,
                shape.need.executor(),
                shape.id,
                attempt.task.affinityCode() != 0,
                evidence,
                attempt.leasedAt,
                attempt.endedAt));
    if (suspicion != null) {
      suspect(suspicion, shape, outliers);
    }
    touch(shape.tenant, outliers);
  }

  private void suspect(Suspicion suspicion, Shape shape, Outliers outliers) {
    long now = core.clock.nanos();
    Scope scope = suspicion.scope();
    if (!outliers.mayGo(scope, now, () -> able(suspicion, shape))) {
      spared++;
      return;
    }
    Ejection ejection = outliers.eject(suspicion, now);
    byCause.merge(suspicion.cause(), 1L, Long::sum);
    core.immediate.add(new Effect.Ejected(shape.tenant, ejection));
  }

  /** Looks through the whole fleet; the suspect may be away just now, and back soon. */
  private int able(Suspicion suspicion, Shape shape) {
    Scope scope = suspicion.scope();
    int able = 0;
    for (WorkerSlot slot : core.fleet.slots()) {
      boolean counts =
          scope.ofWorker()
              ? offers(slot, scope.executor())
              : base(shape).refuse(shape.need, slot).isEmpty();
      able += counts || slot.id().equals(suspicion.worker()) ? 1 : 0;
    }
    return able;
  }

  private static boolean offers(WorkerSlot slot, String executor) {
    WorkerView view = slot.view();
    return view != null
        && view.verdict().status() == Verdict.Status.READY
        && view.skills().executors().contains(executor)
        && slot.connected()
        && !slot.draining();
  }

  /** Nobody can have such work any more. */
  void dropped(Shape shape) {
    Outliers outliers = byTenant.get(shape.tenant);
    if (outliers != null) {
      outliers.drop(new Scope(shape.need.executor(), shape.id));
    }
    touched.remove(shape);
  }

  /** What its attempts said of workers counts no more. */
  void forget(String tenant) {
    byTenant.remove(tenant);
  }

  /** Whose time is over gets work again; what is old or too much is forgotten. */
  void look() {
    long now = core.clock.nanos();
    int windows = 0;
    for (Iterator<Map.Entry<String, Outliers>> all = byTenant.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<String, Outliers> one = all.next();
      Outliers outliers = one.getValue();
      for (Ejection ejection : outliers.look(now, worker -> core.fleet.find(worker) != null)) {
        core.immediate.add(new Effect.Back(one.getKey(), ejection));
      }
      touch(one.getKey(), outliers);
      windows += outliers.windows();
      if (outliers.idle()) {
        all.remove();
      }
    }
    while (windows > core.settings.outliers().sample().windows()) {
      windows -= shrinkLargest();
    }
  }

  /** Whoever has most gives way, so that no tenant makes the cell forget another's. */
  private int shrinkLargest() {
    Outliers largest =
        byTenant.values().stream().max(Comparator.comparingInt(Outliers::windows)).orElseThrow();
    int before = largest.windows();
    largest.dropOldest();
    return before - largest.windows();
  }

  private void touch(String tenant, Outliers outliers) {
    for (Scope scope : outliers.takeTouched()) {
      if (!scope.ofWorker()) {
        touch(core.shapes.find(scope.shape()));
        continue;
      }
      for (Shape shape : core.shapes.of(tenant)) {
        if (shape.need.executor().equals(scope.executor())) {
          touch(shape);
        }
      }
    }
  }

  private void touch(@Nullable Shape shape) {
    if (shape != null) {
      shape.away = null;
      shape.explainedVersion = -1;
      shape.giveUp();
      touched.add(shape);
    }
  }

  /** Shapes of whose work others are out than when this was last asked. */
  Set<Shape> takeTouched() {
    if (touched.isEmpty()) {
      return Set.of();
    }
    Set<Shape> taken = Set.copyOf(touched);
    touched.clear();
    return taken;
  }

  /** Workers that are out of the shape's work, each with the reason. */
  Map<WorkerId, String> away(Shape shape) {
    Map<WorkerId, String> known = shape.away;
    if (known == null) {
      Outliers outliers = byTenant.get(shape.tenant);
      known = outliers == null ? Map.of() : outliers.away(shape.need.executor(), shape.id);
      shape.away = known;
    }
    return known;
  }

  /** The filter, and nobody who is out for the shape; the filter itself while nobody is out. */
  HardFilter filter(Shape shape) {
    Map<WorkerId, String> away = away(shape);
    HardFilter base = base(shape);
    if (away.isEmpty()) {
      return base;
    }
    return (need, slot) -> {
      Optional<Refusal> refusal = base.refuse(need, slot);
      String reason = away.get(slot.id());
      return refusal.isPresent() || reason == null
          ? refusal
          : Optional.of(new Refusal(RejectReason.EJECTED, reason));
    };
  }

  /** Without what is out of its work. */
  HardFilter base(Shape shape) {
    return core.accounts.filter(shape.tenant, filter);
  }

  Ejections figures() {
    int out = byTenant.values().stream().mapToInt(Outliers::out).sum();
    return new Ejections(out, spared, byCause);
  }

  /** How much is remembered, in windows. */
  int windows() {
    return byTenant.values().stream().mapToInt(Outliers::windows).sum();
  }
}
