package dev.weft.artifact;

import dev.weft.artifact.app.BlobStore;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.artifact.blob.DirectoryBlobStore;
import dev.weft.artifact.cell.PlacerLeaseAuthority;
import dev.weft.artifact.s3.S3BlobStore;
import dev.weft.artifact.s3.S3Settings;
import dev.weft.platform.grpc.HolderClient;
import dev.weft.platform.mesh.MeshRuntime;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What blobs and leases are asked of, chosen by the configuration. */
@Singleton
class BackEnds {

  private final ArtifactConfig config;

  BackEnds(ArtifactConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  MarkedStore store() {
    return config.s3().bucket().map(this::bucket).orElseGet(this::directory);
  }

  private MarkedStore bucket(String bucket) {
    ArtifactConfig.S3 s3 = config.s3();
    S3BlobStore store =
        new S3BlobStore(
            new S3Settings(
                bucket,
                s3.prefix(),
                s3.region(),
                s3.endpoint(),
                s3.pathStyle(),
                s3.accessKey()
                    .map(access -> new S3Settings.Keys(access, s3.secretKey().orElse(""))),
                s3.timeout()),
            InstantSource.system());
    return new MarkedStore(store, store, store::close);
  }

  private MarkedStore directory() {
    Path directory =
        config
            .artifact()
            .directory()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "weft.artifact.directory: unset (expected: it, or weft.s3.bucket)"));
    try {
      DirectoryBlobStore store =
          DirectoryBlobStore.open(
              directory, config.nodeId(), InstantSource.system(), new SecureRandom());
      return new MarkedStore(store, store, store::close);
    } catch (IOException e) {
      throw new UncheckedIOException("weft.artifact.directory: " + directory, e);
    }
  }

  void closeStore(@Disposes MarkedStore store) {
    store.closing().run();
  }

  @Produces
  @Singleton
  BlobStore blobs(MarkedStore store) {
    return store.blobs();
  }

  @Produces
  @Singleton
  HolderClient placer(MeshRuntime mesh) {
    return mesh.holder("router");
  }

  void closePlacer(@Disposes HolderClient placer) {
    placer.close();
  }

  @Produces
  @Singleton
  LeaseAuthority leases(HolderClient placer) {
    return new PlacerLeaseAuthority(placer);
  }
}
