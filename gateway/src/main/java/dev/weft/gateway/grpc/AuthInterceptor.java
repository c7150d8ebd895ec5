package dev.weft.gateway.grpc;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.CallerTrace;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody in who may not: every method needs a token with its scope, but for the few that are
 * open.
 */
public final class AuthInterceptor implements ServerInterceptor {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SCHEME = "bearer ";
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(1);

  private final Authenticator authenticator;
  private final CallerTrace trace;
  private final Duration patience;

  /**
   * @param patience of a caller without a deadline
   */
  public AuthInterceptor(Authenticator authenticator, CallerTrace trace, Duration patience) {
    this.authenticator = authenticator;
    this.trace = trace;
    this.patience = patience;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    String source = source(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    Context context = Context.current().withValue(GrpcCalls.SOURCE, source);
    if (GrpcScopes.isOpen(method)) {
      return Contexts.interceptCall(context, call, headers, next);
    }
    Optional<SecretHash> secret = bearer(headers).map(SecretHash::of);
    Optional<Reading> reading = Reading.current();
    String position = trace.of(headers.get(TRACEPARENT));
    CompletableFuture<Caller> caller =
        authenticator
            .authenticateHash(secret, source)
            .thenApply(known -> allowed(known, method))
            .thenApply(known -> counted(known, reading))
            .toCompletableFuture();
    Function<Caller, Context> entered =
        known ->
            context.withValue(
                GrpcCalls.CALL,
                new Call(known, secret.orElseThrow(), position, patience(), source));
    if (caller.isDone() && !caller.isCompletedExceptionally()) {
      return Contexts.interceptCall(entered.apply(caller.join()), call, headers, next);
    }
    DelayedListener<Q> delayed = new DelayedListener<>();
    caller.whenComplete(
        (known, failure) -> {
          if (failure == null) {
            delayed.begin(() -> Contexts.interceptCall(entered.apply(known), call, headers, next));
          } else {
            StatusRuntimeException refusal = (StatusRuntimeException) GrpcCalls.status(failure);
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            delayed.begin(() -> new ServerCall.Listener<>() {});
          }
        });
    return delayed;
  }

  private static Caller counted(Caller caller, Optional<Reading> reading) {
    reading.ifPresent(it -> it.of(caller.tenant()));
    return caller;
  }

  private static Caller allowed(Caller caller, String method) {
    Scope scope =
        GrpcScopes.needed(method)
            .orElseThrow(
                () ->
                    new MeshException(
                        CommonReason.PERMISSION_DENIED, "method: " + method + ", for nobody"));
    return Authenticator.require(caller, scope);
  }

  /** One header with one token; two could be read as one or the other. */
  static Optional<String> bearer(Metadata headers) {
    Iterable<String> values = headers.getAll(AUTHORIZATION);
    if (values == null) {
      return Optional.empty();
    }
    Optional<String> found = Optional.empty();
    for (String value : values) {
      if (found.isPresent() || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        return Optional.empty();
      }
      found = Optional.of(value.substring(SCHEME.length()).strip());
    }
    return found;
  }

  private Duration patience() {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return patience;
    }
    Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return left.compareTo(MOST_PATIENCE) < 0 ? left : MOST_PATIENCE;
  }

  private static String source(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : String.valueOf(address);
  }
}
