package dev.weft.artifact;

import dev.weft.artifact.app.BlobDesk;
import dev.weft.artifact.app.frames.FrameLogs;
import dev.weft.artifact.app.frames.FrameRows;
import dev.weft.artifact.grpc.frames.FrameGrpcService;
import dev.weft.artifact.mesh.MeshPart;
import dev.weft.platform.grpc.MeshService;
import dev.weft.platform.id.IdGenerator;
import jakarta.inject.Singleton;

/** FrameService in this process's mesh port. */
@Singleton
class FramesPart implements MeshPart {

  /** A few segments. */
  private static final long LEAST_BYTES = 4L << 20;

  private final MeshService service;

  FramesPart(ArtifactConfig config, FrameRows rows, BlobDesk blobs, IdGenerator ids) {
    long most = config.frames().mostBytes().asLongValue();
    if (most < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "weft.frames.most-bytes: " + most + " (expected: " + LEAST_BYTES + " and more)");
    }
    this.service =
        MeshService.of(
            new FrameGrpcService(new FrameLogs(rows, blobs, ids::next, most)), "gateway");
  }

  @Override
  public MeshService service() {
    return service;
  }
}
