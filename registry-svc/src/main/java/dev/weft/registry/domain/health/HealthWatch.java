package dev.weft.registry.domain.health;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges one worker from its beats and from what it finds when it asks itself, in {@link
 * ObservedTime}. Not safe for threads.
 */
public final class HealthWatch {

  private static final HealthVerdict HEALTHY = new HealthVerdict.Healthy();

  private final HealthPolicy policy;
  private final long intervalNanos;
  private final LayerWatch echo;
  private final LayerWatch report;
  private final ProbeWatch application;
  private final ProbeWatch deep;
  private final List<ProbeWatch> probes;
  private long lastBeat;
  private long missed;

  /** The worker was heard of at this observed time for the first time. */
  public HealthWatch(HealthPolicy policy, long observed) {
    this.policy = policy;
    this.intervalNanos = policy.beatInterval().toNanos();
    this.echo = new LayerWatch(policy.echo(), observed);
    this.report = new LayerWatch(policy.report(), observed);
    this.application =
        new ProbeWatch(ProbedLayer.APPLICATION, policy.application().layer(), observed);
    this.deep = new ProbeWatch(ProbedLayer.DEEP, policy.deep().layer(), observed);
    this.probes = List.of(application, deep);
    this.lastBeat = observed;
  }

  /** A beat has come. */
  public void beat(long observed, Optional<String> complaint) {
    look(observed);
    lastBeat = observed;
    missed = 0;
    echo.succeeded(observed);
    if (complaint.isPresent()) {
      report.failed(complaint.get(), observed);
    } else {
      report.succeeded(observed);
    }
  }

  /** The worker tells what it found, oldest first. */
  public void probed(long observed, List<ProbeResult> results) {
    results.forEach(result -> watch(result.layer()).take(result, observed));
  }

  private ProbeWatch watch(ProbedLayer layer) {
    return switch (layer) {
      case APPLICATION -> application;
      case DEEP -> deep;
    };
  }

  /** Whether it depends on what others say of a service whether this worker is well. */
  public boolean suspected() {
    return probes.stream().anyMatch(ProbeWatch::suspected);
  }

  /** Says how it found the services that workers share. */
  public void testify(Census census) {
    probes.forEach(probe -> probe.testify(census));
  }

  /** Hears the others: from now on a failure that only this worker has is its own. */
  public void weigh(Census census) {
    probes.stream().filter(ProbeWatch::suspected).forEach(probe -> probe.weigh(census));
  }

  public HealthVerdict verdict(long observed) {
    look(observed);
    HealthVerdict silence = echo.verdict();
    if (silence != null) {
      return silence;
    }
    HealthVerdict complaint = report.verdict();
    if (complaint != null) {
      return complaint;
    }
    for (ProbeWatch probe : probes) {
      HealthVerdict found = probe.verdict();
      if (found != null) {
        return found;
      }
    }
    return HEALTHY;
  }

  /** Each layer as it stands. */
  public HealthReport report(long observed) {
    look(observed);
    List<LayerVerdict> layers = new ArrayList<>();
    layers.add(echo.shown("echo", observed));
    layers.add(report.shown("report", observed));
    Map<String, Boolean> services = new HashMap<>();
    for (ProbeWatch probe : probes) {
      probe.shown(observed).ifPresent(layers::add);
      services.putAll(probe.services());
    }
    return new HealthReport(layers, services);
  }

  public long silentNanos(long observed) {
    return observed - lastBeat;
  }

  /** A beat counts as missing when it is late by half an interval. */
  private void look(long observed) {
    long due = Math.max(0, (silentNanos(observed) - intervalNanos / 2) / intervalNanos);
    for (; missed < due; missed++) {
      echo.failed(
          "beats are missing (expected: one every " + policy.beatInterval().toMillis() + " ms)",
          observed);
    }
  }
}
