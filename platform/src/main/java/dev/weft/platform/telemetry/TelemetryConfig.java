package dev.weft.platform.telemetry;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Traces are made only if somebody is named who takes them. */
public final class TelemetryConfig implements ConfigSourceFactory {

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    ConfigValue endpoint = context.getValue("quarkus.otel.exporter.otlp.endpoint");
    // Quarkus's own default, http://localhost:4317, has an ordinal below zero: nobody named that.
    boolean nobody =
        endpoint == null
            || endpoint.getValue() == null
            || endpoint.getValue().isBlank()
            || endpoint.getConfigSourceOrdinal() < 0;
    return List.of(
        new PropertiesConfigSource(
            Map.of("quarkus.otel.sdk.disabled", Boolean.toString(nobody)),
            "weft-telemetry",
            ORDINAL));
  }
}
