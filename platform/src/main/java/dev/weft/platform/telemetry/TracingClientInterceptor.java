package dev.weft.platform.telemetry;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.Set;

/**
 * Sends the current trace along: a client span per unary call and per transfer, the bare context
 * with any other stream.
 */
public final class TracingClientInterceptor implements ClientInterceptor {

  private final RpcSpans spans;

  public TracingClientInterceptor(OpenTelemetry telemetry) {
    this(telemetry, Set.of());
  }

  /**
   * @param transfers full names of the streaming methods that end with what they carry
   */
  public TracingClientInterceptor(OpenTelemetry telemetry, Set<String> transfers) {
    this.spans = new RpcSpans(telemetry, transfers);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    if (!spans.on()) {
      return next.newCall(method, options);
    }
    Context parent = TracingServerInterceptor.current();
    ClientCall<Q, A> call = next.newCall(method, options);
    return spans.isTraced(method, parent)
        ? new TracedCall<>(call, method, parent)
        : propagate(call, parent);
  }

  private <Q, A> ClientCall<Q, A> propagate(ClientCall<Q, A> call, Context context) {
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        inject(context, headers);
        super.start(listener, headers);
      }
    };
  }

  private void inject(Context context, Metadata headers) {
    spans.propagator().inject(context, headers, Traceparent.HeaderSetter.INSTANCE);
  }

  private final class TracedCall<Q, A> extends SimpleForwardingClientCall<Q, A> {

    private final MethodDescriptor<Q, A> method;
    private final Context parent;

    TracedCall(ClientCall<Q, A> delegate, MethodDescriptor<Q, A> method, Context parent) {
      super(delegate);
      this.method = method;
      this.parent = parent;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      Span span = spans.start(method, SpanKind.CLIENT, parent);
      inject(parent.with(span), headers);
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              RpcSpans.end(span, status);
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
