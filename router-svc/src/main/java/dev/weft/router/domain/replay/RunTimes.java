package dev.weft.router.domain.replay;

import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long attempts took, and how slow each worker is beside the others. On its own worker a task
 * takes exactly what it took; on another that times the ratio of how slow the two are. How slow a
 * worker is at a kind of work is the geometric mean, over the successes it had there, of each one's
 * time to the geometric mean of all with the same requirements; 1 with fewer than three.
 */
public final class RunTimes {

  static final int LEAST_SAMPLES = 3;
  private static final double LEAST_SECONDS = 1e-3;
  private static final double MOST_RATIO = 100;

  private final Instant readAt;
  private final Map<Kind, Double> slowness = new HashMap<>();
  private final Map<Requirements, Duration> usual = new HashMap<>();
  private final Map<String, Duration> usualOfExecutor = new HashMap<>();
  private @Nullable Duration usualOfAll;

  private RunTimes(Instant readAt) {
    this.readAt = readAt;
  }

  /** Empty when none has succeeded, so that no time is known. */
  public static Optional<RunTimes> of(Workload workload) {
    RunTimes times = new RunTimes(workload.readAt());
    List<Sample> samples = samples(workload);
    times.measureUsual(samples);
    times.measureSlowness(samples);
    return times.usualOfAll == null ? Optional.empty() : Optional.of(times);
  }

  /** What a task will do, attempt by attempt; the last is repeated. */
  List<Step> script(RecordedTask task) {
    List<Step> steps = new ArrayList<>();
    for (RecordedRun run : task.runs()) {
      if (run.state() == AttemptState.FAILED) {
        steps.add(new Step(run.took(readAt), run.worker(), run.reason()));
      } else if (run.state() == AttemptState.SUCCEEDED) {
        steps.add(new Step(run.took(readAt), run.worker(), ""));
      }
    }
    boolean knownToTheEnd =
        !steps.isEmpty()
            && (task.state() == TaskState.SUCCEEDED || task.state() == TaskState.FAILED);
    if (!knownToTheEnd) {
      steps.add(new Step(guess(task), null, ""));
    }
    return steps;
  }

  /** Whether a task's time is a guess. */
  static boolean guessed(RecordedTask task) {
    return task.runs().stream()
        .noneMatch(
            run -> run.state() == AttemptState.SUCCEEDED || run.state() == AttemptState.FAILED);
  }

  /** How long a step takes on a worker. */
  Duration on(Step step, FleetWorker worker, Requirements need) {
    double there = slowness(worker.like(), need.executor());
    double measured = step.worker == null ? 1 : slowness(step.worker, need.executor());
    double ratio = Math.clamp(there / measured, 1 / MOST_RATIO, MOST_RATIO);
    return ratio == 1 ? step.took : Duration.ofNanos(Math.round(step.took.toNanos() * ratio));
  }

  /** 1 is usual, 2 takes twice as long. */
  double slowness(WorkerId worker, String executor) {
    return slowness.getOrDefault(new Kind(worker, executor), 1.0);
  }

  /** What the like of it usually took, or what it has taken so far if that is more. */
  private Duration guess(RecordedTask task) {
    Requirements need = task.terms().need();
    Duration like = usual.get(need);
    if (like == null) {
      like = usualOfExecutor.getOrDefault(need.executor(), usualOfAll);
    }
    Duration least = like == null ? Duration.ZERO : like;
    for (RecordedRun run : task.runs()) {
      Duration soFar = run.ended() == null ? run.took(readAt) : Duration.ZERO;
      least = soFar.compareTo(least) > 0 ? soFar : least;
    }
    return least;
  }

  private void measureUsual(List<Sample> samples) {
    Map<Requirements, List<Duration>> byNeed = new HashMap<>();
    Map<String, List<Duration>> byExecutor = new HashMap<>();
    List<Duration> all = new ArrayList<>();
    for (Sample sample : samples) {
      byNeed.computeIfAbsent(sample.need, _ -> new ArrayList<>()).add(sample.took);
      byExecutor.computeIfAbsent(sample.need.executor(), _ -> new ArrayList<>()).add(sample.took);
      all.add(sample.took);
    }
    byNeed.forEach((need, times) -> usual.put(need, median(times)));
    byExecutor.forEach((executor, times) -> usualOfExecutor.put(executor, median(times)));
    usualOfAll = all.isEmpty() ? null : median(all);
  }

  private void measureSlowness(List<Sample> samples) {
    Map<Requirements, Mean> logs = new HashMap<>();
    for (Sample sample : samples) {
      logs.computeIfAbsent(sample.need, _ -> new Mean()).add(sample.log());
    }
    Map<Kind, Mean> ratios = new HashMap<>();
    for (Sample sample : samples) {
      Kind kind = new Kind(sample.worker, sample.need.executor());
      Mean all = logs.getOrDefault(sample.need, new Mean());
      ratios.computeIfAbsent(kind, _ -> new Mean()).add(sample.log() - all.value());
    }
    ratios.forEach(
        (kind, ratio) -> {
          if (ratio.count >= LEAST_SAMPLES) {
            slowness.put(kind, Math.exp(ratio.value()));
          }
        });
  }

  private static List<Sample> samples(Workload workload) {
    List<Sample> samples = new ArrayList<>();
    for (RecordedTask task : workload.tasks()) {
      for (RecordedRun run : task.runs()) {
        if (run.state() == AttemptState.SUCCEEDED) {
          samples.add(new Sample(task.terms().need(), run.worker(), run.took(workload.readAt())));
        }
      }
    }
    return samples;
  }

  private static Duration median(List<Duration> times) {
    return times.stream().sorted().toList().get((times.size() - 1) / 2);
  }

  /**
   * One attempt to come.
   *
   * @param worker where it was measured; null if it is a guess
   * @param failure why it fails; empty if it succeeds
   */
  record Step(Duration took, @Nullable WorkerId worker, String failure) {}

  private record Kind(WorkerId worker, String executor) {}

  private record Sample(Requirements need, WorkerId worker, Duration took) {
    double log() {
      return Math.log(Math.max(LEAST_SECONDS, took.toNanos() / 1e9));
    }
  }

  private static final class Mean {
    private double sum;
    private int count;

    void add(double value) {
      sum += value;
      count++;
    }

    double value() {
      return count == 0 ? 0 : sum / count;
    }
  }
}
