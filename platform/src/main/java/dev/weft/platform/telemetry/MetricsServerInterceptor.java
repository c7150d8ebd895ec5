package dev.weft.platform.telemetry;

import dev.weft.platform.time.Ticker;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Times served unary calls and counts ended streams. Goes outside the error mapping, to see the
 * code that is sent.
 */
public final class MetricsServerInterceptor implements ServerInterceptor {

  private final RpcMetrics metrics;
  private final Ticker ticker;

  public MetricsServerInterceptor(MeterRegistry registry, Ticker ticker) {
    this.metrics = new RpcMetrics(registry, MetricNames.RPC_SERVER, MetricNames.STREAM_SERVER);
    this.ticker = ticker;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    long start = ticker.nanos();
    AtomicBoolean ended = new AtomicBoolean();
    ServerCall<Q, A> measured =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            end(call, status.getCode(), start, ended);
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(measured, headers)) {
      @Override
      public void onCancel() {
        end(call, Code.CANCELLED, start, ended);
        super.onCancel();
      }
    };
  }

  /** Once a call: a client that goes away after the answer is no second end. */
  private void end(ServerCall<?, ?> call, Code code, long start, AtomicBoolean ended) {
    if (ended.compareAndSet(false, true)) {
      metrics.ended(call.getMethodDescriptor(), code, ticker.nanos() - start);
    }
  }
}
