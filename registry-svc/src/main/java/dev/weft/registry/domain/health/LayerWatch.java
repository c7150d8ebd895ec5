package dev.weft.registry.domain.health;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One layer of one worker: counts in a row, with hysteresis. */
final class LayerWatch {

  private final HealthLayer layer;
  private int failures;
  private int successes;
  private HealthVerdict.@Nullable Unhealthy verdict;
  private String lastFailure = "";
  private long failedAt;
  private long judgedAt;

  LayerWatch(HealthLayer layer, long observed) {
    this.layer = layer;
    this.judgedAt = observed;
  }

  void failed(String reason, long observed) {
    successes = 0;
    judgedAt = observed;
    lastFailure = reason;
    failedAt = observed;
    failures = Math.min(failures + 1, layer.failures());
    if (failures == layer.failures() && verdict == null) {
      verdict = new HealthVerdict.Unhealthy(reason);
    }
  }

  void succeeded(long observed) {
    failures = 0;
    judgedAt = observed;
    successes = Math.min(successes + 1, layer.recoveries());
    if (successes == layer.recoveries()) {
      verdict = null;
    }
  }

  /** Null while the layer is good. */
  HealthVerdict.@Nullable Unhealthy verdict() {
    return verdict;
  }

  /** As it stands for those who ask. */
  LayerVerdict shown(String name, long observed) {
    boolean out = verdict != null;
    return new LayerVerdict(
        name,
        out ? HealthGrade.OUT : failures > 0 ? HealthGrade.DEGRADED : HealthGrade.ELIGIBLE,
        new LayerVerdict.Count(failures, layer.failures()),
        new LayerVerdict.Count(out ? successes : 0, layer.recoveries()),
        since(judgedAt, observed),
        verdict != null ? verdict.reason() : failures > 0 ? lastFailure : "",
        lastFailure.isEmpty()
            ? Optional.empty()
            : Optional.of(new LayerVerdict.LastError(lastFailure, since(failedAt, observed))));
  }

  private static Duration since(long then, long observed) {
    return Duration.ofNanos(Math.max(0, observed - then));
  }
}
