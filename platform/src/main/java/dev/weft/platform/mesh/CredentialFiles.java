package dev.weft.platform.mesh;

import dev.weft.platform.security.MeshCredentials;
import dev.weft.platform.security.MeshIdentity;
import dev.weft.platform.security.SecurityFailure;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Takes up certificate files that were replaced on the disk, so that a rotation needs no restart.
 */
final class CredentialFiles implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(CredentialFiles.class);

  private final MeshConfig.Mesh files;
  private final MeshIdentity identity;
  private final Vertx vertx;
  private final long timer;

  CredentialFiles(MeshConfig.Mesh files, MeshIdentity identity, Vertx vertx, Duration interval) {
    this.files = files;
    this.identity = identity;
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(interval.toMillis(), ignored -> look());
  }

  static MeshCredentials read(MeshConfig.Mesh files) {
    return MeshCredentials.read(files.certFile(), files.keyFile(), files.caFile());
  }

  private void look() {
    vertx
        .<Void>executeBlocking(
            () -> {
              MeshCredentials found = read(files);
              if (!found.equals(identity.credentials())) {
                identity.replace(found);
                LOG.infof(
                    "mesh certificate replaced: file=%s until=%s",
                    files.certFile(), found.notAfter());
              }
              return null;
            })
        .onFailure(this::kept);
  }

  /**
   * Between the writing of one file and the next they do not fit together; the next look may find
   * that they do.
   */
  private void kept(Throwable failure) {
    LOG.warnf(
        "mesh certificate kept: file=%s until=%s error=%s",
        files.certFile(),
        identity.notAfter(),
        failure instanceof SecurityFailure ? failure.getMessage() : failure.toString());
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
