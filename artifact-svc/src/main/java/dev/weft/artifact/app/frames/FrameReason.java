package dev.weft.artifact.app.frames;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/** Why frames are not sealed. */
public enum FrameReason implements Reason {
  /** A later home has the log, or it is another tenant's; metadata: epoch. */
  FRAMES_FENCED(Code.FAILED_PRECONDITION);

  private final Code code;

  FrameReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
