package dev.weft.platform.grpc;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/** Why a call inside the mesh did not get through. */
public enum MeshReason implements Reason {
  /** No replica that holds the role answered in time; metadata: role, tried. */
  NO_HOLDER(Code.UNAVAILABLE),
  /** The certificate that opened the connection has ended since; dial again with the new one. */
  CERTIFICATE_EXPIRED(Code.UNAUTHENTICATED),
  /** The caller's role may not use the service; metadata: role, service. */
  ROLE_NOT_ALLOWED(Code.PERMISSION_DENIED),
  /** The receiver of a stream does not read what is sent; metadata: messages, bytes. */
  SLOW_CONSUMER(Code.RESOURCE_EXHAUSTED);

  private final Code code;

  MeshReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
