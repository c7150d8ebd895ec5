package dev.weft.worker.app.probe;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.probe.ProbeLayer;
import dev.weft.worker.domain.probe.ProbePlan;
import dev.weft.worker.domain.probe.ProbeResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** All layers that a worker asks itself, and what it found. Safe for threads. */
public final class Probing {

  private static final Duration LOOK = Duration.ofMillis(500);

  private final Map<ProbeLayer, ProbeRound> rounds = new EnumMap<>(ProbeLayer.class);

  /**
   * What probes are made with.
   *
   * @param blocking runs what waits
   */
  public record Means(Executor blocking, Ticker ticker, RandomGenerator random) {}

  public Probing(Map<ProbeLayer, Probe> probes, Means means) {
    probes.forEach((layer, probe) -> rounds.put(layer, new ProbeRound(layer, probe, means)));
  }

  /** What the registry wants asked; a layer without a plan is not. */
  public void plan(Map<ProbeLayer, ProbePlan> plans) {
    rounds.forEach((layer, round) -> round.plan(Optional.ofNullable(plans.get(layer))));
  }

  /** From now on everything is asked in its time. */
  public void begin(ScheduledExecutorService timer) {
    timer.scheduleAtFixedRate(
        () -> rounds.values().forEach(ProbeRound::look),
        LOOK.toMillis(),
        LOOK.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** What is kept of a layer with a higher number, oldest first. */
  public List<ProbeResult> after(ProbeLayer layer, long number) {
    ProbeRound round = rounds.get(layer);
    return round == null ? List.of() : round.log().after(number);
  }

  /** What each layer found last; those that were not asked yet are missing. */
  public Map<ProbeLayer, ProbeResult> newest() {
    Map<ProbeLayer, ProbeResult> newest = new EnumMap<>(ProbeLayer.class);
    rounds.forEach(
        (layer, round) -> round.log().newest().ifPresent(result -> newest.put(layer, result)));
    return newest;
  }
}
