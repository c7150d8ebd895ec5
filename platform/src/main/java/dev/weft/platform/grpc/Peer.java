package dev.weft.platform.grpc;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import io.grpc.Context;

/** Who calls: role and node of the verified client certificate. */
public record Peer(String role, String nodeId) {

  static final Context.Key<Peer> KEY = Context.key("weft-peer");

  /**
   * The caller of the current call. Read it in the handler's own thread, before any hand-off.
   *
   * @throws MeshException UNAUTHENTICATED outside a call of a mesh server
   */
  public static Peer current() {
    Peer peer = KEY.get();
    if (peer == null) {
      throw new MeshException(CommonReason.UNAUTHENTICATED, "no mesh certificate");
    }
    return peer;
  }
}
