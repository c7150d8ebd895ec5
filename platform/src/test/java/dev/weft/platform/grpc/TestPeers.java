package dev.weft.platform.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Gives the handlers of an in-process server a peer, as the mesh port does from a certificate. */
public final class TestPeers {

  private TestPeers() {}

  /** Every call is this peer's. */
  public static ServerInterceptor as(String role, String nodeId) {
    Peer peer = new Peer(role, nodeId);
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return Contexts.interceptCall(
            Context.current().withValue(Peer.KEY, peer), call, headers, next);
      }
    };
  }
}
