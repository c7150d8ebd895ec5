package dev.weft.gateway.session;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.MeshReason;
import dev.weft.platform.grpc.Peer;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.session.v1.AttachRequest;
import dev.weft.proto.internal.session.v1.AttachResponse;
import dev.weft.proto.internal.session.v1.BodyRequest;
import dev.weft.proto.internal.session.v1.BodyResponse;
import dev.weft.proto.internal.session.v1.SessionServiceGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/**
 * weft.internal.session.v1.SessionService, on the mesh port: bodies' streams for workers, clients'
 * for gateways.
 */
public final class MeshSessionService extends SessionServiceGrpc.SessionServiceImplBase {

  private final SessionHub hub;
  private final Ticker ticker;
  private final Supplier<Peer> peer;
  private final Roles roles;

  /** Who may call what. */
  public record Roles(String body, String client) {}

  public MeshSessionService(SessionHub hub, Ticker ticker, Supplier<Peer> peer, Roles roles) {
    this.hub = hub;
    this.ticker = ticker;
    this.peer = peer;
    this.roles = roles;
  }

  @Override
  public StreamObserver<BodyRequest> body(StreamObserver<BodyResponse> observer) {
    Peer caller = peer.get();
    if (!caller.role().equals(roles.body())) {
      return refused(observer, caller);
    }
    return new BodyStream(
        hub, caller.nodeId(), ticker, (ServerCallStreamObserver<BodyResponse>) observer);
  }

  @Override
  public StreamObserver<AttachRequest> attach(StreamObserver<AttachResponse> observer) {
    Peer caller = peer.get();
    if (!caller.role().equals(roles.client())) {
      return refused(observer, caller);
    }
    return new ClientStream(hub, ticker, (ServerCallStreamObserver<AttachResponse>) observer);
  }

  private static <Q> StreamObserver<Q> refused(StreamObserver<?> observer, Peer caller) {
    observer.onError(
        StatusMapper.toStatus(
            new MeshException(MeshReason.ROLE_NOT_ALLOWED, "session: not for role " + caller.role())
                .with("role", caller.role())));
    return new StreamObserver<>() {
      @Override
      public void onNext(Q message) {}

      @Override
      public void onError(Throwable why) {}

      @Override
      public void onCompleted() {}
    };
  }
}
