package dev.weft.platform.error;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Gives every failed answer its details: exceptions that handlers throw or pass to onError, and
 * bare Status answers. Goes outside every interceptor that answers by itself, and inside those that
 * only watch (metrics, tracing).
 */
public final class ErrorMappingInterceptor implements ServerInterceptor {

  private static final Logger LOG = Logger.getLogger(ErrorMappingInterceptor.class);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MappingCall<Q, A> mapping = new MappingCall<>(call);
    try {
      return new MappingListener<>(next.startCall(mapping, headers), mapping);
    } catch (RuntimeException e) {
      mapping.fail(e);
      return new ServerCall.Listener<>() {};
    }
  }

  private static final class MappingCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final AtomicBoolean closed = new AtomicBoolean();

    MappingCall(ServerCall<Q, A> delegate) {
      super(delegate);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!closed.compareAndSet(false, true)) {
        return;
      }
      if (status.isOk()) {
        super.close(status, trailers);
        return;
      }
      Throwable cause = status.getCause();
      // grpc-java wraps what a handler passes to onError into UNKNOWN.
      Throwable failure =
          status.getCode() == Code.UNKNOWN && cause != null
              ? cause
              : status.asRuntimeException(trailers);
      StatusRuntimeException mapped = StatusMapper.toStatus(failure);
      logUnexpected(mapped.getStatus());
      Metadata details = mapped.getTrailers();
      super.close(mapped.getStatus(), details == null ? new Metadata() : details);
    }

    void fail(Throwable failure) {
      close(Status.UNKNOWN.withCause(failure), new Metadata());
    }

    private void logUnexpected(Status status) {
      if (status.getCode() == Code.INTERNAL) {
        LOG.errorf(
            status.getCause(), "rpc failed: method=%s", getMethodDescriptor().getFullMethodName());
      }
    }
  }

  private static final class MappingListener<Q> extends SimpleForwardingServerCallListener<Q> {

    private final MappingCall<Q, ?> call;

    MappingListener(ServerCall.Listener<Q> delegate, MappingCall<Q, ?> call) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guarded(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guarded(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guarded(super::onReady);
    }

    private void guarded(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }
  }
}
