package dev.weft.artifact.app;

import dev.weft.platform.error.MeshException;
import dev.weft.platform.telemetry.LogKeys;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** What a failed blob store means to the caller. */
final class StoreFailures {

  private static final Logger LOG = Logger.getLogger(StoreFailures.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private StoreFailures() {}

  static MeshException of(IOException failure) {
    if (failure instanceof StoreFullException full) {
      LOG.warnf("the blob store is full: %s=%s", LogKeys.ERROR, full.getMessage());
      return new MeshException(ArtifactReason.STORE_FULL, "the store has no room for it", full);
    }
    LOG.warnf("the blob store failed: %s=%s", LogKeys.ERROR, failure);
    return new MeshException(
            ArtifactReason.STORE_UNAVAILABLE, "the blob store does not answer", failure)
        .retryAfter(RETRY);
  }
}
