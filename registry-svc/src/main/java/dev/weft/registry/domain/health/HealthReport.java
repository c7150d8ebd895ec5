package dev.weft.registry.domain.health;

import java.time.Duration;
import java.util.List;

/** What all layers say of a worker; the worst of them is the verdict. */
public record HealthReport(List<LayerVerdict> layers) {

  public HealthReport {
    layers = List.copyOf(layers);
  }

  public HealthGrade grade() {
    return layers.stream()
        .map(LayerVerdict::grade)
        .reduce(HealthGrade.ELIGIBLE, HealthGrade::worse);
  }

  /** That of the worst layer. */
  public String reason() {
    HealthGrade worst = grade();
    return layers.stream()
        .filter(layer -> layer.grade() == worst)
        .map(LayerVerdict::reason)
        .findFirst()
        .orElse("");
  }

  /** As old as the layer that was judged longest ago. */
  public Duration age() {
    return layers.stream().map(LayerVerdict::age).max(Duration::compareTo).orElse(Duration.ZERO);
  }
}
