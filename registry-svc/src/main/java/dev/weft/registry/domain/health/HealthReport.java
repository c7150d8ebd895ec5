package dev.weft.registry.domain.health;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What all layers say of a worker; the worst of them is the verdict.
 *
 * @param services which of those that its probes ask answered it well
 */
public record HealthReport(List<LayerVerdict> layers, Map<String, Boolean> services) {

  /** Of a worker of whom nothing can be said. */
  public static final HealthReport NOTHING = new HealthReport(List.of(), Map.of());

  public HealthReport {
    layers = List.copyOf(layers);
    services = Map.copyOf(services);
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
