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

/** Spans of unary calls, named and tagged after OpenTelemetry's conventions for RPC. */
final class RpcSpans {

  private static final String SCOPE = "dev.weft.rpc";
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<Long> CODE = AttributeKey.longKey("rpc.grpc.status_code");

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  RpcSpans(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer(SCOPE);
    this.propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  TextMapPropagator propagator() {
    return propagator;
  }

  /** A stream lives for hours; a span that long is seen by nobody until it ends. */
  static boolean isTraced(MethodDescriptor<?, ?> method) {
    return method.getType() == MethodType.UNARY;
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
