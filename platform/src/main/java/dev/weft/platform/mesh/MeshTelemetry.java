package dev.weft.platform.mesh;

import dev.weft.platform.telemetry.MetricsClientInterceptor;
import dev.weft.platform.telemetry.MetricsServerInterceptor;
import dev.weft.platform.telemetry.TelemetryConfig;
import dev.weft.platform.telemetry.TracingClientInterceptor;
import dev.weft.platform.telemetry.TracingServerInterceptor;
import dev.weft.platform.time.Ticker;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The watchers of every call in and out, the first outermost.
 *
 * @param servers on the mesh port
 * @param clients on the channels
 */
public record MeshTelemetry(List<ServerInterceptor> servers, List<ClientInterceptor> clients) {

  public MeshTelemetry {
    servers = List.copyOf(servers);
    clients = List.copyOf(clients);
  }

  /** Nobody watches: for tools and tests. */
  public static MeshTelemetry none() {
    return new MeshTelemetry(List.of(), List.of());
  }

  /**
   * Spans and metrics.
   *
   * @param carrying streaming methods that end with what they carry
   */
  public static MeshTelemetry of(
      OpenTelemetry telemetry, MeterRegistry metrics, MethodDescriptor<?, ?>... carrying) {
    OpenTelemetry tracing = TelemetryConfig.taken(telemetry);
    Set<String> transfers =
        Arrays.stream(carrying)
            .map(MethodDescriptor::getFullMethodName)
            .collect(Collectors.toUnmodifiableSet());
    return new MeshTelemetry(
        List.of(
            new TracingServerInterceptor(tracing, transfers, false),
            new MetricsServerInterceptor(metrics, Ticker.system())),
        List.of(
            new TracingClientInterceptor(tracing, transfers),
            new MetricsClientInterceptor(metrics, Ticker.system())));
  }
}
