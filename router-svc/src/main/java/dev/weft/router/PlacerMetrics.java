package dev.weft.router;

import dev.weft.router.app.PlacerLoop;
import dev.weft.router.domain.cell.CellView.Figures;
import dev.weft.router.domain.cell.Release;
import dev.weft.router.domain.cell.ServiceLevels;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.journal.TenantEvents;
import dev.weft.router.domain.outlier.Suspicion;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the placer shows of itself. Labels are states, classes and kinds only, so their number is
 * fixed.
 */
final class PlacerMetrics {

  private final MeterRegistry meters;
  private final Counter commits;
  private final DeadLetterMetrics letters;
  private final Map<TaskState, Counter> steps = new EnumMap<>(TaskState.class);

  PlacerMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.letters = new DeadLetterMetrics(meters);
    this.commits =
        Counter.builder("weft.cell.commits").description("Group commits flushed").register(meters);
    for (TaskState state : TaskState.values()) {
      steps.put(
          state,
          Counter.builder("weft.task.steps")
              .description("Durable steps of tasks into a state")
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  /** Begins to show the loop's figures, as zeros while it does not hold the cell. */
  void watch(PlacerLoop placer) {
    gauge("weft.tasks.waiting", "Tasks that wait", placer, Figures::waiting);
    gauge("weft.attempts.open", "Leases that take credit", placer, Figures::open);
    gauge("weft.workers.connected", "Workers with a work stream", placer, Figures::connected);
    gauge("weft.workers.ejected", "Out now", placer, now -> now.ejections().out());
    for (PriorityClass priority : PriorityClass.values()) {
      Gauge.builder(
              "weft.tasks.open",
              placer,
              loop -> loop.figures().map(now -> now.openByClass().get(priority.code())).orElse(0))
          .description("Tasks that are not terminal")
          .tag("class", priority.name())
          .register(meters);
    }
    levels(placer);
    Gauge.builder("weft.cell.held", placer, loop -> loop.holding() ? 1 : 0)
        .description("1 on the replica that holds the cell")
        .register(meters);
    Gauge.builder("weft.cell.database.away", placer, loop -> loop.awayMillis() / 1_000.0)
        .description("How long the database has not answered")
        .baseUnit("seconds")
        .register(meters);
  }

  /** Counts of the present placer; they begin anew with the next. */
  private void levels(PlacerLoop placer) {
    for (PriorityClass priority : PriorityClass.values()) {
      int code = priority.code();
      count("weft.sla.met", "Tasks that ended in time", placer, all -> all.met().get(code))
          .tag("class", priority.name())
          .register(meters);
      count("weft.sla.missed", "Tasks that ended late", placer, all -> all.missed().get(code))
          .tag("class", priority.name())
          .register(meters);
      count("weft.tasks.shed", "Tasks refused for overload", placer, all -> all.shed().get(code))
          .tag("class", priority.name())
          .register(meters);
    }
    FunctionCounter.builder(
            "weft.workers.spared",
            placer,
            loop -> loop.figures().map(now -> now.ejections().spared()).orElse(0L))
        .description("Workers that stood out and stayed since as many were out as may be")
        .register(meters);
    for (Suspicion.Cause cause : Suspicion.Cause.values()) {
      FunctionCounter.builder(
              "weft.workers.ejections",
              placer,
              loop -> loop.figures().map(now -> now.ejections().of(cause)).orElse(0L))
          .description("Workers put out for a while since they stood out")
          .tag("cause", cause.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    count("weft.leases.aged", "Leases before a higher class", placer, ServiceLevels::aged)
        .register(meters);
    count("weft.attempts.preempted", "Ended for a P0 task", placer, ServiceLevels::preempted)
        .register(meters);
  }

  private static FunctionCounter.Builder<PlacerLoop> count(
      String name, String description, PlacerLoop placer, ToDoubleFunction<ServiceLevels> figure) {
    return FunctionCounter.builder(
            name,
            placer,
            loop -> loop.figures().map(now -> figure.applyAsDouble(now.levels())).orElse(0.0))
        .description(description);
  }

  private void gauge(
      String name, String description, PlacerLoop placer, ToDoubleFunction<Figures> figure) {
    Gauge.builder(name, placer, loop -> loop.figures().map(figure::applyAsDouble).orElse(0.0))
        .description(description)
        .register(meters);
  }

  void released(Release release) {
    commits.increment();
    for (TenantEvents events : release.events()) {
      for (TaskChange change : events.changes()) {
        Counter counter = steps.get(change.state());
        if (counter != null) {
          counter.increment();
        }
        if (change.state() == TaskState.FAILED) {
          letters.failed(change.reason());
        }
      }
    }
  }
}
