package dev.weft.gateway;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Settings of Quarkus that follow from ours. An environment variable of Quarkus's own still
 * outweighs them.
 */
public final class DerivedConfig implements ConfigSourceFactory {

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    boolean plaintext = Boolean.parseBoolean(value(context, "weft.public.plaintext"));
    Map<String, String> derived = new HashMap<>();
    derived.put("quarkus.grpc.server.plain-text", Boolean.toString(plaintext));
    derived.put("quarkus.http.insecure-requests", plaintext ? "enabled" : "disabled");
    String certificate = value(context, "weft.public.cert-file");
    String key = value(context, "weft.public.key-file");
    if (!certificate.isEmpty() && !key.isEmpty()) {
      derived.put("quarkus.http.ssl.certificate.files", certificate);
      derived.put("quarkus.http.ssl.certificate.key-files", key);
      derived.put("quarkus.grpc.server.ssl.certificate", certificate);
      derived.put("quarkus.grpc.server.ssl.key", key);
    }
    String pages = value(context, "weft.session.origins");
    if (!pages.isEmpty()) {
      // The door itself holds these to sessions; Quarkus's own filter only has to let them by.
      String all = value(context, "weft.public.origins");
      derived.put("quarkus.http.cors.origins", all.isEmpty() ? pages : all + "," + pages);
    }
    return List.of(new PropertiesConfigSource(derived, "weft-derived", ORDINAL));
  }

  private static String value(ConfigSourceContext context, String name) {
    ConfigValue value = context.getValue(name);
    return value == null || value.getValue() == null ? "" : value.getValue();
  }
}
