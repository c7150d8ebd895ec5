package dev.weft.platform.telemetry;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * {@code WEFT_LOG_JSON=true}: the log is JSON, for programs to read; the file if there is one, else
 * the console.
 */
public final class LogConfig implements ConfigSourceFactory {

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    if (!isTrue(context, "weft.log.json")) {
      return List.of();
    }
    String sink = isTrue(context, "quarkus.log.file.enabled") ? "file" : "console";
    return List.of(
        new PropertiesConfigSource(
            Map.of("quarkus.log." + sink + ".filter", JsonLog.NAME), "weft-log", ORDINAL));
  }

  private static boolean isTrue(ConfigSourceContext context, String name) {
    ConfigValue value = context.getValue(name);
    return value != null && "true".equalsIgnoreCase(value.getValue());
  }
}
