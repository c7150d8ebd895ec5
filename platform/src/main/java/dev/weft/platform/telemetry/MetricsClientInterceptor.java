package dev.weft.platform.telemetry;

import dev.weft.platform.time.Ticker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;

/** Times unary calls that this process makes and counts the ends of its streams. */
public final class MetricsClientInterceptor implements ClientInterceptor {

  private final RpcMetrics metrics;
  private final Ticker ticker;

  public MetricsClientInterceptor(MeterRegistry registry, Ticker ticker) {
    this.metrics = new RpcMetrics(registry, MetricNames.RPC_CLIENT, MetricNames.STREAM_CLIENT);
    this.ticker = ticker;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        long start = ticker.nanos();
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onClose(Status status, Metadata trailers) {
                metrics.ended(method, status.getCode(), ticker.nanos() - start);
                super.onClose(status, trailers);
              }
            },
            headers);
      }
    };
  }
}
