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
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps workers out whose attempts end otherwise than the others', as long as enough others stay.
 * All of it is memory: a new placer begins without suspicion.
 */
final class Ejector {

  private final CellCore core;
  private final HardFilter filter;
  private final Outliers outliers;
  private final Map<Cause, Long> byCause = new EnumMap<>(Cause.class);
  private long spared;

  Ejector(CellCore core, HardFilter filter) {
    this.core = core;
    this.filter = filter;
    this.outliers = new Outliers(core.settings.outliers());
  }

  void answered(Attempt attempt) {
    ended(attempt, Evidence.ANSWERED);
  }

  void failed(Attempt attempt, String reason) {
    ended(attempt, Evidence.of(reason));
  }

  /** A worker that dies with all that it ran has failed once. */
  void lost(Attempt attempt) {
    Worker worker = attempt.worker;
    if (worker.lostAt != attempt.endedAt) {
      worker.lostAt = attempt.endedAt;
      ended(attempt, Evidence.WORKER_FAILED);
    }
  }

  private void ended(Attempt attempt, Evidence evidence) {
    Worker worker = attempt.worker;
    Shape shape = attempt.task.stream.shape;
    String executor = shape.need.executor();
    Suspicion suspicion =
        outliers.ended(
            new Ended(
                worker.id(),
                executor,
                shape.id,
                attempt.task.affinityCode() != 0,
                evidence,
                attempt.leasedAt,
                attempt.endedAt));
    if (suspicion != null) {
      suspect(suspicion);
    }
    if (!worker.slot.probing().isEmpty()) {
      probing(worker.slot, executor);
    }
  }

  private void suspect(Suspicion suspicion) {
    long now = core.clock.nanos();
    if (!mayGo(suspicion)) {
      spared++;
      outliers.spare(suspicion, now);
      return;
    }
    Ejection ejection = outliers.eject(suspicion, now);
    byCause.merge(suspicion.cause(), 1L, Long::sum);
    core.immediate.add(new Effect.Ejected(ejection));
    core.fleet.changed();
  }

  /** Looks at the whole fleet, which is asked rarely: at most once a second for each suspect. */
  private boolean mayGo(Suspicion suspicion) {
    Scope scope = suspicion.scope();
    Shape shape = scope.shape() == 0 ? null : core.shapes.find(scope.shape());
    int able = 0;
    int out = 0;
    for (Worker worker : core.fleet.all()) {
      if (able(worker.slot, scope, shape)) {
        able++;
        if (outliers.out(worker.id(), scope.executor(), scope.shape()) != null) {
          out++;
        }
      }
    }
    return out < core.settings.outliers().mostOut(able);
  }

  private boolean able(WorkerSlot slot, Scope scope, @Nullable Shape shape) {
    if (shape != null) {
      return filter.refuse(shape.need, slot).isEmpty();
    }
    WorkerView view = slot.view();
    return view != null
        && view.verdict().status() == Verdict.Status.READY
        && view.skills().executors().contains(scope.executor())
        && slot.connected()
        && !slot.draining();
  }

  /** Whose time is over gets work again. */
  void look() {
    List<Ejection> back = outliers.look(core.clock.nanos());
    for (Ejection ejection : back) {
      Suspicion suspicion = ejection.suspicion();
      Worker worker = core.fleet.find(suspicion.worker());
      if (worker != null) {
        probing(worker.slot, suspicion.scope().executor());
        core.fleet.freed(worker);
      }
      core.immediate.add(new Effect.Back(ejection));
      core.fleet.changed();
    }
  }

  private void probing(WorkerSlot slot, String executor) {
    Set<String> probing = new HashSet<>(slot.probing());
    if (outliers.probing(slot.id(), executor) ? probing.add(executor) : probing.remove(executor)) {
      slot.probing(probing);
    }
  }

  /** The filter, and nobody who is out for the shape; the filter itself while nobody is out. */
  HardFilter filter(Shape shape) {
    if (outliers.out() == 0) {
      return filter;
    }
    return (need, slot) -> {
      Optional<Refusal> refusal = filter.refuse(need, slot);
      if (refusal.isPresent()) {
        return refusal;
      }
      Ejection ejection = outliers.out(slot.id(), need.executor(), shape.id);
      return ejection == null
          ? Optional.empty()
          : Optional.of(new Refusal(RejectReason.EJECTED, ejection.text()));
    };
  }

  Ejections figures() {
    return new Ejections(outliers.out(), spared, byCause);
  }
}
