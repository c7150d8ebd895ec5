package dev.weft.platform.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Traces are made only if somebody is named who takes them, by OpenTelemetry's own name for it,
 * {@code OTEL_EXPORTER_OTLP_ENDPOINT}.
 */
public final class TelemetryConfig implements ConfigSourceFactory {

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  private static final String EXPORTER = "otel.exporter.otlp.";
  private static final String QUARKUS = "quarkus.";
  private static final String DISABLED = "quarkus.otel.sdk.disabled";

  /**
   * What makes the process's traces; nothing where nobody takes them. The one that Quarkus gives
   * then makes every span all the same, of which each task has several, and throws it away.
   */
  public static OpenTelemetry taken(OpenTelemetry telemetry) {
    return taken(telemetry, ConfigProvider.getConfig());
  }

  static OpenTelemetry taken(OpenTelemetry telemetry, Config config) {
    return config.getOptionalValue(DISABLED, Boolean.class).orElse(false)
        ? OpenTelemetry.noop()
        : telemetry;
  }

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    Map<String, String> settings = new HashMap<>();
    for (String name : List.of("endpoint", "headers")) {
      named(context, EXPORTER + name)
          .ifPresent(value -> settings.put(QUARKUS + EXPORTER + name, value));
    }
    boolean somebody =
        settings.containsKey(QUARKUS + EXPORTER + "endpoint")
            || named(context, QUARKUS + EXPORTER + "endpoint").isPresent();
    settings.put(DISABLED, Boolean.toString(!somebody));
    // Look-ups of every poll and every request: many, and none of them is a step of a task.
    settings.put("quarkus.otel.instrument.vertx-event-bus", "false");
    settings.put("quarkus.otel.instrument.vertx-sql-client", "false");
    settings.put("quarkus.otel.instrument.vertx-redis-client", "false");
    return List.of(new PropertiesConfigSource(settings, "weft-telemetry", ORDINAL));
  }

  /** Quarkus's own default, http://localhost:4317, has an ordinal below zero: nobody named that. */
  private static Optional<String> named(ConfigSourceContext context, String name) {
    ConfigValue value = context.getValue(name);
    return value == null
            || value.getValue() == null
            || value.getValue().isBlank()
            || value.getConfigSourceOrdinal() < 0
        ? Optional.empty()
        : Optional.of(value.getValue());
  }
}
