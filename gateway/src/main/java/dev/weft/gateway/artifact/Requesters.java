package dev.weft.gateway.artifact;

import dev.weft.gateway.forward.Call;
import dev.weft.proto.internal.artifact.v1.Requester;

/** In whose name the artifact service is asked. */
final class Requesters {

  private Requesters() {}

  static Requester of(Call call) {
    return of(call.caller().tenant());
  }

  static Requester of(String tenant) {
    return Requester.newBuilder().setTenant(tenant).build();
  }
}
