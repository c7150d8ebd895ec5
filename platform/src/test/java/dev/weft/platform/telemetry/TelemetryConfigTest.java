package dev.weft.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryConfigTest {

  private static final String ENDPOINT = "quarkus.otel.exporter.otlp.endpoint";

  @Test
  void withoutAnEndpointNoTracesAreMade() {
    assertThat(disabled(builder())).isTrue();
  }

  @Test
  void quarkussOwnDefaultNamesNobody() {
    assertThat(disabled(builder().withDefaultValue(ENDPOINT, "http://localhost:4317"))).isTrue();
  }

  @Test
  void whereNobodyTakesThemNothingMakesSpans() {
    OpenTelemetry given = OpenTelemetryExtension.create().getOpenTelemetry();

    OpenTelemetry taken = TelemetryConfig.taken(given, builder().build());

    assertThat(taken.getTracer("test").spanBuilder("any").startSpan().getSpanContext().isValid())
        .isFalse();
    assertThat(taken.getPropagators().getTextMapPropagator().fields()).isEmpty();
  }

  @Test
  void whereSomebodyTakesThemTheGivenOneMakesThem() {
    OpenTelemetry given = OpenTelemetryExtension.create().getOpenTelemetry();
    SmallRyeConfigBuilder named =
        builder()
            .withSources(
                new PropertiesConfigSource(Map.of(ENDPOINT, "http://jaeger:4318"), "named", 300));

    assertThat(TelemetryConfig.taken(given, named.build())).isSameAs(given);
  }

  @Test
  void aNamedEndpointTurnsTracesOn() {
    assertThat(
            disabled(
                builder()
                    .withSources(
                        new PropertiesConfigSource(
                            Map.of(ENDPOINT, "http://jaeger:4318"), "named", 300))))
        .isFalse();
  }

  @Test
  void opentelemetrysOwnNameInTheEnvironmentNamesIt() {
    SmallRyeConfigBuilder named =
        builder()
            .withSources(
                new EnvConfigSource(
                    Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://jaeger:4318",
                        "OTEL_EXPORTER_OTLP_HEADERS", "tenant=acme"),
                    300));

    assertThat(disabled(named)).isFalse();
    assertThat(named.build().getValue(ENDPOINT, String.class)).isEqualTo("http://jaeger:4318");
    assertThat(named.build().getValue("quarkus.otel.exporter.otlp.headers", String.class))
        .isEqualTo("tenant=acme");
  }

  private static SmallRyeConfigBuilder builder() {
    return new SmallRyeConfigBuilder().addDefaultInterceptors().withSources(new TelemetryConfig());
  }

  private static boolean disabled(SmallRyeConfigBuilder builder) {
    return builder.build().getValue("quarkus.otel.sdk.disabled", Boolean.class);
  }
}
