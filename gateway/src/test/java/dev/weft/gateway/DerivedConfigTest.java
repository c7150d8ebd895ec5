package dev.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DerivedConfigTest {

  @Test
  void thePublicDoorsFilesAreThoseOfBothPorts() {
    SmallRyeConfig config =
        with(Map.of("weft.public.cert-file", "door.pem", "weft.public.key-file", "door.key"));

    assertThat(text(config, "quarkus.http.insecure-requests")).isEqualTo("disabled");
    assertThat(text(config, "quarkus.grpc.server.plain-text")).isEqualTo("false");
    assertThat(text(config, "quarkus.http.ssl.certificate.files")).isEqualTo("door.pem");
    assertThat(text(config, "quarkus.http.ssl.certificate.key-files")).isEqualTo("door.key");
    assertThat(text(config, "quarkus.grpc.server.ssl.certificate")).isEqualTo("door.pem");
    assertThat(text(config, "quarkus.grpc.server.ssl.key")).isEqualTo("door.key");
  }

  @Test
  void plaintextOpensBothPortsWithoutFiles() {
    SmallRyeConfig config = with(Map.of("weft.public.plaintext", "true"));

    assertThat(text(config, "quarkus.http.insecure-requests")).isEqualTo("enabled");
    assertThat(text(config, "quarkus.grpc.server.plain-text")).isEqualTo("true");
    assertThat(text(config, "quarkus.http.ssl.certificate.files")).isNull();
  }

  @Test
  void withoutACollectorThereAreNoTraces() {
    assertThat(with(Map.of()).getValue("quarkus.otel.sdk.disabled", Boolean.class)).isTrue();
  }

  private static @Nullable String text(SmallRyeConfig config, String name) {
    return config.getConfigValue(name).getValue();
  }

  /** Ours and the platform's, as a process finds them. */
  private static SmallRyeConfig with(Map<String, String> settings) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(settings, "test", 100));
    ServiceLoader.load(ConfigSourceFactory.class).stream()
        .filter(found -> found.type().getName().startsWith("dev.weft."))
        .forEach(found -> builder.withSources(found.get()));
    return builder.build();
  }
}
