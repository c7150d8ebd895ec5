package dev.weft.gateway;

import dev.weft.platform.telemetry.MetricsClientInterceptor;
import dev.weft.platform.telemetry.MetricsServerInterceptor;
import dev.weft.platform.telemetry.TracingClientInterceptor;
import dev.weft.platform.telemetry.TracingServerInterceptor;
import dev.weft.platform.time.Ticker;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.inject.Singleton;
import java.util.List;

/** Metrics and traces of the mesh's calls, on both sides. */
@Singleton
class MeshWatchers {

  private final OpenTelemetry telemetry;
  private final MeterRegistry meters;
  private final Ticker ticker;

  MeshWatchers(OpenTelemetry telemetry, MeterRegistry meters, Ticker ticker) {
    this.telemetry = telemetry;
    this.meters = meters;
    this.ticker = ticker;
  }

  List<ServerInterceptor> server() {
    return List.of(
        new MetricsServerInterceptor(meters, ticker), new TracingServerInterceptor(telemetry));
  }

  List<ClientInterceptor> client() {
    return List.of(
        new MetricsClientInterceptor(meters, ticker), new TracingClientInterceptor(telemetry));
  }
}
