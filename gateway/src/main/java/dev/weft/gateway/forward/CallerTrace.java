package dev.weft.gateway.forward;

import dev.weft.platform.telemetry.Traceparent;
import dev.weft.platform.telemetry.TracingServerInterceptor;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where in whose trace a call stands. */
public final class CallerTrace {

  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final TextMapPropagator propagator;

  public CallerTrace(TextMapPropagator propagator) {
    this.propagator = propagator;
  }

  /**
   * This gateway's own span; without tracing here what the caller sent, so that its trace still
   * reaches the worker.
   */
  public String of(@Nullable String header) {
    return Traceparent.of(TracingServerInterceptor.current(), propagator)
        .orElseGet(() -> header != null && TRACEPARENT.matcher(header).matches() ? header : "");
  }
}
