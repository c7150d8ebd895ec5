package dev.weft.registry.domain.health;

import java.util.List;
import java.util.Optional;

/** Judges one worker from its beats, in {@link ObservedTime}. Not safe for threads. */
public final class HealthWatch {

  private static final HealthVerdict HEALTHY = new HealthVerdict.Healthy();

  private final HealthPolicy policy;
  private final long intervalNanos;
  private final LayerWatch echo;
  private final LayerWatch report;
  private long lastBeat;
  private long missed;

  /** The worker was heard of at this observed time for the first time. */
  public HealthWatch(HealthPolicy policy, long observed) {
    this.policy = policy;
    this.intervalNanos = policy.beatInterval().toNanos();
    this.echo = new LayerWatch(policy.echo(), observed);
    this.report = new LayerWatch(policy.report(), observed);
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

  public HealthVerdict verdict(long observed) {
    look(observed);
    HealthVerdict silence = echo.verdict();
    if (silence != null) {
      return silence;
    }
    HealthVerdict complaint = report.verdict();
    return complaint == null ? HEALTHY : complaint;
  }

  /** Each layer as it stands. */
  public HealthReport report(long observed) {
    look(observed);
    return new HealthReport(
        List.of(echo.shown("echo", observed), report.shown("report", observed)));
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
