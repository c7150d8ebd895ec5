package dev.weft.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.registry.domain.health.HealthPolicy;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryConfigTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "weft.node-id", "registry-1",
          "weft.mesh.port", "7120",
          "weft.mesh.cert-file", "/c/cert.pem",
          "weft.mesh.key-file", "/c/key.pem",
          "weft.mesh.ca-file", "/c/ca.pem",
          "weft.db.password", "secret");

  @Test
  void defaultsArePinned() {
    RegistryConfig config = config(Map.of());

    assertThat(config.cell()).isZero();
    assertThat(config.mesh().host()).isEqualTo("127.0.0.1");
    assertThat(config.stopGrace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.db().host()).isEqualTo("127.0.0.1");
    assertThat(config.db().port()).isEqualTo(5432);
    assertThat(config.db().name()).isEqualTo("weft");
    assertThat(config.db().user()).isEqualTo("weft_registry");
    RegistryConfig.Registry registry = config.registry();
    assertThat(registry.beatInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(registry.failures()).isEqualTo(3);
    assertThat(registry.recoveries()).isEqualTo(2);
    assertThat(registry.application().interval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(registry.application().timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(registry.application().failures()).isEqualTo(2);
    assertThat(registry.application().recoveries()).isEqualTo(2);
    assertThat(registry.deep().interval()).isEqualTo(Duration.ofSeconds(60));
    assertThat(registry.deep().timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(registry.deep().failures()).isEqualTo(1);
    assertThat(registry.deep().recoveries()).isEqualTo(2);
    assertThat(registry.silence()).isEqualTo(Duration.ofSeconds(15));
    assertThat(registry.reconnectGrace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(registry.helloWithin()).isEqualTo(Duration.ofSeconds(5));
    assertThat(registry.statisticsInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(registry.forgetAfter()).isEqualTo(Duration.ofDays(30));
    assertThat(registry.mostWorkers()).isEqualTo(20_000);
    assertThat(registry.mostWatchers()).isEqualTo(64);
    assertThat(registry.watchIdle()).isEqualTo(Duration.ofSeconds(5));
    assertThat(registry.watchSlow()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void theDefaultsMakeSense() {
    RegistrySettings settings = RegistrySettings.of(config(Map.of()).registry());

    assertThat(settings.rules().health()).isEqualTo(HealthPolicy.standard(Duration.ofSeconds(1)));
    assertThat(settings.heartbeat().health().beatInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.writing().statistics()).isEqualTo(Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @CsvSource({
    "beat-interval, 0s",
    "beat-interval, 2h",
    "failures, 0",
    "recoveries, -1",
    "application.interval, 10ms",
    "application.timeout, 31s",
    "application.failures, 0",
    "deep.timeout, 0s",
    "deep.recoveries, 9",
    "silence, 4s",
    "reconnect-grace, -1s",
    "hello-within, 0s",
    "statistics-interval, 10ms",
    "forget-after, 1m",
    "most-workers, 0",
    "most-watchers, 100000",
    "watch-idle, 0s",
    "watch-slow, 1h"
  })
  void nonsenseIsRefusedByName(String key, String value) {
    RegistryConfig config = config(Map.of("weft.registry." + key, value));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RegistrySettings.of(config.registry()))
        .withMessageStartingWith("weft.registry." + key + ": ")
        .withMessageContaining("(expected: ");
  }

  @ParameterizedTest
  @CsvSource({
    "weft.node-id",
    "weft.mesh.port",
    "weft.mesh.cert-file",
    "weft.mesh.key-file",
    "weft.mesh.ca-file",
    "weft.db.password"
  })
  void whatHasNoDefaultMustBeThere(String key) {
    Map<String, String> values = new HashMap<>(LEAST);
    values.remove(key);

    assertThatThrownBy(() -> mapped(values)).hasMessageContaining(key);
  }

  @Test
  void aMisspelledKeyIsRefused() {
    assertThatThrownBy(() -> config(Map.of("weft.registry.beat-intervall", "1s")))
        .hasMessageContaining("weft.registry.beat-intervall");
  }

  private static RegistryConfig config(Map<String, String> more) {
    Map<String, String> values = new HashMap<>(LEAST);
    values.putAll(more);
    return mapped(values);
  }

  private static RegistryConfig mapped(Map<String, String> values) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withMapping(RegistryConfig.class)
            .withSources(new PropertiesConfigSource(values, "test", 100))
            .withConverter(
                Duration.class, 100, new io.quarkus.runtime.configuration.DurationConverter())
            .build();
    return config.getConfigMapping(RegistryConfig.class);
  }
}
