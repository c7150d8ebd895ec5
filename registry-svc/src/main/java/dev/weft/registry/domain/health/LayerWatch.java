package dev.weft.registry.domain.health;

import org.jspecify.annotations.Nullable;

/** One layer of one worker: counts in a row, with hysteresis. */
final class LayerWatch {

  private final HealthLayer layer;
  private int failures;
  private int successes;
  private HealthVerdict.@Nullable Unhealthy verdict;

  LayerWatch(HealthLayer layer) {
    this.layer = layer;
  }

  void failed(String reason) {
    successes = 0;
    failures = Math.min(failures + 1, layer.failures());
    if (failures == layer.failures() && verdict == null) {
      verdict = new HealthVerdict.Unhealthy(reason);
    }
  }

  void succeeded() {
    failures = 0;
    successes = Math.min(successes + 1, layer.recoveries());
    if (successes == layer.recoveries()) {
      verdict = null;
    }
  }

  /** Null while the layer is good. */
  HealthVerdict.@Nullable Unhealthy verdict() {
    return verdict;
  }
}
