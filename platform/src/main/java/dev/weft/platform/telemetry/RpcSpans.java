package dev.weft.platform.telemetry;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.Set;

/**
 * Spans of calls that end with their work, named and tagged after OpenTelemetry's conventions for
 * RPC.
 */
final class RpcSpans {

  private static final String SCOPE = "dev.weft.rpc";
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rpc.grpc.status_code");

  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private final Set<String> transfers;

  /**
   * @param transfers full names of the streaming methods that end with what they carry
   */
  RpcSpans(OpenTelemetry telemetry, Set<String> transfers) {
    this.transfers = Set.copyOf(transfers);
    this.tracer = telemetry.getTracer(SCOPE);
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  /** Off where nobody takes traces: nothing is read of a call then, and nothing made for it. */
  boolean on() {
    return !propagator.fields().isEmpty();
  }

  TextMapPropagator propagator() {
    return propagator;
  }

  /**
   * A stream may live for hours, and a span that long is seen by nobody until it ends. A call
   * outside any trace is the mesh's own upkeep, of which there are many each second.
   */
  boolean isTraced(MethodDescriptor<?, ?> method, Context parent) {
    return Span.fromContext(parent).getSpanContext().isValid() && ends(method);
  }

  /** Whether such a call is over when its work is. */
  boolean ends(MethodDescriptor<?, ?> method) {
    return method.getType() == MethodType.UNARY || transfers.contains(method.getFullMethodName());
  }

  Span start(MethodDescriptor<?, ?> method, SpanKind kind, Context parent) {
    String name = method.getFullMethodName();
    int slash = name.lastIndexOf('/');
    return tracer
        .spanBuilder(name)
        .setParent(parent)
        .setSpanKind(kind)
        .setAttribute(SYSTEM, "grpc")
        .setAttribute(SERVICE, name.substring(0, slash))
        .setAttribute(METHOD, name.substring(slash + 1))
        .startSpan();
  }

  /** The description stays out: it may quote a user's value. */
  static void end(Span span, Status status) {
    span.setAttribute(CODE, (long) status.getCode().value());
    if (status.getCode() != Code.OK) {
      span.setStatus(StatusCode.ERROR, status.getCode().name());
    }
    span.end();
  }
}
