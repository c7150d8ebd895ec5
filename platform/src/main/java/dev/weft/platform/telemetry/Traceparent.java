package dev.weft.platform.telemetry;

import io.grpc.Metadata;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trace's position as text, to be stored with work and taken up again by another process. */
public final class Traceparent {

  private static final String KEY = "traceparent";

  private Traceparent() {}

  /** The W3C text of the context; empty outside a trace. */
  public static Optional<String> of(Context context, TextMapPropagator propagator) {
    Map<String, String> fields = new HashMap<>();
    propagator.inject(context, fields, MapSetter.INSTANCE);
    return Optional.ofNullable(fields.get(KEY));
  }

  /** The context to which the text belongs; the root context if the text is empty or malformed. */
  public static Context parse(String traceparent, TextMapPropagator propagator) {
    return propagator.extract(Context.root(), Map.of(KEY, traceparent), MapGetter.INSTANCE);
  }

  /** The same for a process whose own tracing may be off. */
  public static Context parse(String traceparent) {
    return traceparent.isEmpty()
        ? Context.root()
        : parse(traceparent, W3CTraceContextPropagator.getInstance());
  }

  /**
   * Where work goes on that was submitted as part of a trace: below the span of the call that
   * brought it, if that belongs to the same trace. A call that brings work of many traces is below
   * one of them only.
   *
   * @param submitted the work's own text; may be empty
   */
  public static String nearer(String submitted, Context call, TextMapPropagator propagator) {
    SpanContext carrying = Span.fromContext(call).getSpanContext();
    if (!carrying.isValid() || !submitted.contains(carrying.getTraceId())) {
      return submitted;
    }
    return of(call, propagator).orElse(submitted);
  }

  private enum MapGetter implements TextMapGetter<Map<String, String>> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key);
    }
  }

  private enum MapSetter implements TextMapSetter<Map<String, String>> {
    INSTANCE;

    @Override
    public void set(@Nullable Map<String, String> carrier, String key, String value) {
      if (carrier != null) {
        carrier.put(key, value);
      }
    }
  }

  /** Reads a call's headers. */
  enum HeaderGetter implements TextMapGetter<Metadata> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Metadata carrier) {
      return List.copyOf(carrier.keys());
    }

    @Override
    public @Nullable String get(@Nullable Metadata carrier, String key) {
      return carrier == null ? null : carrier.get(header(key));
    }
  }

  /** Writes a call's headers, in place of what they held. */
  enum HeaderSetter implements TextMapSetter<Metadata> {
    INSTANCE;

    @Override
    public void set(@Nullable Metadata carrier, String key, String value) {
      if (carrier != null) {
        carrier.discardAll(header(key));
        carrier.put(header(key), value);
      }
    }
  }

  private static Metadata.Key<String> header(String key) {
    return Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER);
  }
}
