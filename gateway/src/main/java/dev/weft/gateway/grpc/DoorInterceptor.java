package dev.weft.gateway.grpc;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.TransferToll;
import dev.weft.gateway.forward.CallerTrace;
import dev.weft.platform.error.ErrorMappingInterceptor;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.TracingServerInterceptor;
import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.inject.spi.Prioritized;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Before every public method: whatever fails gets its details, and nobody gets by who may not. */
public final class DoorInterceptor implements ServerInterceptor, Prioritized {

  /** Outside of everything that Quarkus puts before a service. */
  private static final int OUTERMOST = Integer.MAX_VALUE - 1;

  private static final Set<String> TRANSFERS =
      Set.of(
          ArtifactServiceGrpc.getUploadArtifactMethod().getFullMethodName(),
          ArtifactServiceGrpc.getDownloadArtifactMethod().getFullMethodName(),
          ArtifactServiceGrpc.getUploadBlobsMethod().getFullMethodName(),
          ArtifactServiceGrpc.getDownloadBlobsMethod().getFullMethodName());

  private final ErrorMappingInterceptor errors = new ErrorMappingInterceptor();
  private final TracingServerInterceptor tracing;
  private final AuthInterceptor authentication;
  private final TollInterceptor toll;

  public DoorInterceptor(
      Authenticator authenticator,
      CallerTrace trace,
      TransferToll toll,
      OpenTelemetry telemetry,
      Duration patience) {
    this.toll = new TollInterceptor(toll, TRANSFERS);
    this.tracing = new TracingServerInterceptor(telemetry, TRANSFERS, true);
    this.authentication = new AuthInterceptor(authenticator, trace, patience);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ServerCallHandler<Q, A> guarded =
        (inner, metadata) -> {
          Optional<Reading> reading = Reading.current();
          reading.ifPresent(it -> it.of(inner));
          return new FaultListener<>(
              authentication.interceptCall(
                  inner, metadata, (known, words) -> toll.interceptCall(known, words, next)),
              call.getMethodDescriptor(),
              reading);
        };
    return tracing.interceptCall(
        call, headers, (inner, metadata) -> errors.interceptCall(inner, metadata, guarded));
  }

  /** Refuses what is no message. */
  private static final class FaultListener<Q> extends SimpleForwardingServerCallListener<Q> {

    private final MethodDescriptor<Q, ?> method;
    private final Optional<Reading> reading;

    FaultListener(
        ServerCall.Listener<Q> delegate, MethodDescriptor<Q, ?> method, Optional<Reading> reading) {
      super(delegate);
      this.method = method;
      this.reading = reading;
    }

    @Override
    public void onMessage(Q message) {
      Optional<MeshException> fault =
          reading.flatMap(Reading::fault).or(() -> GuardedMarshaller.fault(method, message));
      if (fault.isPresent()) {
        throw fault.get();
      }
      super.onMessage(message);
    }
  }

  @Override
  public int getPriority() {
    return OUTERMOST;
  }
}
