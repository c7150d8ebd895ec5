package dev.weft.gateway.artifact;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.forward.Upstream;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.StatusMapper;
import java.time.Duration;

/** What the failure of an upload means to its sender. */
final class UploadFailures {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private UploadFailures() {}

  static boolean isAway(RuntimeException failure) {
    return Upstream.isAway(StatusMapper.fromStatus(failure));
  }

  /**
   * @param begun whether some of it was sent
   */
  static RuntimeException visible(RuntimeException failure, boolean begun) {
    if (begun && isAway(failure)) {
      return new MeshException(
              GatewayReason.UPLOAD_INTERRUPTED,
              "upload: the store went away in the middle, nothing of it is kept"
                  + " (expected: send it again)",
              failure)
          .retryAfter(RETRY);
    }
    return Upstream.visible(failure, GatewayReason.ARTIFACTS_UNAVAILABLE);
  }
}
