package dev.weft.platform.telemetry;

import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Continues the caller's trace: a server span per unary call and per transfer; any other stream's
 * handler sees the caller's context but gets no span.
 */
public final class TracingServerInterceptor implements ServerInterceptor {

  private static final io.grpc.Context.Key<Context> TRACE = io.grpc.Context.key("weft-trace");

  private final RpcSpans spans;
  private final boolean begins;

  /** For the mesh's own port. */
  public TracingServerInterceptor(OpenTelemetry telemetry) {
    this(telemetry, Set.of(), false);
  }

  /**
   * @param transfers full names of the streaming methods that end with what they carry
   * @param begins whether a call without a trace begins one
   */
  public TracingServerInterceptor(OpenTelemetry telemetry, Set<String> transfers, boolean begins) {
    this.spans = new RpcSpans(telemetry, transfers);
    this.begins = begins;
  }

  /**
   * OpenTelemetry's current context, or on a thread that has none the trace of the call being
   * served, which follows gRPC's own context to other threads.
   */
  public static Context current() {
    Context current = Context.current();
    Context trace = TRACE.get();
    return trace != null && current.equals(Context.root()) ? trace : current;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!spans.on()) {
      return next.startCall(call, headers);
    }
    Context parent =
        spans.propagator().extract(Context.root(), headers, Traceparent.HeaderGetter.INSTANCE);
    MethodDescriptor<Q, A> method = call.getMethodDescriptor();
    if (!spans.isTraced(method, parent) && !(begins && spans.ends(method))) {
      return start(call, headers, next, parent);
    }
    Span span = spans.start(method, SpanKind.SERVER, parent);
    SpanEnd end = new SpanEnd(span);
    ServerCall<Q, A> traced =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            end.with(status);
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        start(traced, headers, next, parent.with(span))) {
      @Override
      public void onCancel() {
        end.with(Status.CANCELLED);
        super.onCancel();
      }
    };
  }

  private static <Q, A> ServerCall.Listener<Q> start(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, Context trace) {
    io.grpc.Context context = io.grpc.Context.current().withValue(TRACE, trace);
    try (Scope _ = trace.makeCurrent()) {
      return new ScopedListener<>(Contexts.interceptCall(context, call, headers, next), trace);
    }
  }

  /** Ends a span once, by the answer or by the client's going away. */
  private static final class SpanEnd {

    private final Span span;
    private final AtomicBoolean ended = new AtomicBoolean();

    SpanEnd(Span span) {
      this.span = span;
    }

    void with(Status status) {
      if (ended.compareAndSet(false, true)) {
        RpcSpans.end(span, status);
      }
    }
  }

  /** Makes the trace current while the handler's callbacks run. */
  private static final class ScopedListener<Q> extends SimpleForwardingServerCallListener<Q> {

    private final Context trace;

    ScopedListener(ServerCall.Listener<Q> delegate, Context trace) {
      super(delegate);
      this.trace = trace;
    }

    @Override
    public void onMessage(Q message) {
      scoped(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      scoped(super::onHalfClose);
    }

    @Override
    public void onCancel() {
      scoped(super::onCancel);
    }

    @Override
    public void onComplete() {
      scoped(super::onComplete);
    }

    @Override
    public void onReady() {
      scoped(super::onReady);
    }

    private void scoped(Runnable step) {
      try (Scope _ = trace.makeCurrent()) {
        step.run();
      }
    }
  }
}
