package dev.weft.scaler.app;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/** Why the scaler refuses. */
public enum ScalerReason implements Reason {
  /** No pool has this name; metadata: name. */
  POOL_NOT_FOUND(Code.NOT_FOUND);

  private final Code code;

  ScalerReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
