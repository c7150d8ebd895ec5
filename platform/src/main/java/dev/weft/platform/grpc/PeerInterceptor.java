package dev.weft.platform.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.PeerFilter.Verified;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call through only if the client's certificate has a role that its service allows, and a
 * stream go on only while that certificate is valid. What is not allowed is denied.
 */
final class PeerInterceptor implements ServerInterceptor {

  /** Allows whoever has a mesh certificate; a role cannot have such a name. */
  static final Set<String> EVERY_ROLE = Set.of("*");

  private final Map<String, Set<String>> rolesByService;
  private final InstantSource clock;

  PeerInterceptor(Map<String, Set<String>> rolesByService, InstantSource clock) {
    this.rolesByService = Map.copyOf(rolesByService);
    this.clock = clock;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Verified verified = call.getAttributes().get(PeerFilter.VERIFIED);
    MeshException refusal = refusal(verified, call.getMethodDescriptor().getServiceName());
    if (verified == null || refusal != null) {
      close(call, refusal == null ? unauthenticated() : refusal);
      return new ServerCall.Listener<>() {};
    }
    Context context = Context.current().withValue(Peer.KEY, verified.peer());
    return new ExpiryListener<>(
        call, verified, Contexts.interceptCall(context, call, headers, next));
  }

  private @Nullable MeshException refusal(@Nullable Verified verified, @Nullable String service) {
    if (verified == null) {
      return unauthenticated();
    }
    if (!clock.instant().isBefore(verified.until())) {
      return expired(verified);
    }
    Set<String> roles = service == null ? Set.of() : rolesByService.getOrDefault(service, Set.of());
    String role = verified.peer().role();
    if (!roles.equals(EVERY_ROLE) && !roles.contains(role)) {
      return new MeshException(MeshReason.ROLE_NOT_ALLOWED, service + ": not for role " + role)
          .with("role", role)
          .with("service", String.valueOf(service));
    }
    return null;
  }

  private static MeshException unauthenticated() {
    return new MeshException(
        CommonReason.UNAUTHENTICATED, "the client certificate names no role and node of the mesh");
  }

  private static MeshException expired(Verified verified) {
    return new MeshException(
        MeshReason.CERTIFICATE_EXPIRED, "the client certificate ended at " + verified.until());
  }

  private static void close(ServerCall<?, ?> call, MeshException refusal) {
    StatusRuntimeException status = StatusMapper.toStatus(refusal);
    Metadata trailers = status.getTrailers();
    call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  /** Looks at the certificate's end with every message, so that no stream outlives it unnoticed. */
  private final class ExpiryListener<Q> extends SimpleForwardingServerCallListener<Q> {

    private final ServerCall<Q, ?> call;
    private final Verified verified;
    private boolean ended;

    ExpiryListener(ServerCall<Q, ?> call, Verified verified, ServerCall.Listener<Q> delegate) {
      super(delegate);
      this.call = call;
      this.verified = verified;
    }

    @Override
    public void onMessage(Q message) {
      if (ended) {
        drop(message);
        return;
      }
      if (clock.instant().isBefore(verified.until())) {
        super.onMessage(message);
      } else {
        ended = true;
        drop(message);
        close(call, expired(verified));
        super.onCancel();
      }
    }

    /** Such a message holds buffers of the connection until it is read. */
    private void drop(Q message) {
      if (message instanceof InputStream borrowed) {
        try {
          borrowed.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void onHalfClose() {
      if (!ended) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!ended) {
        super.onReady();
      }
    }

    @Override
    public void onCancel() {
      if (!ended) {
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!ended) {
        super.onComplete();
      }
    }
  }
}
