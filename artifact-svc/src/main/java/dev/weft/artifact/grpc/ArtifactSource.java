package dev.weft.artifact.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.weft.artifact.app.BlobReader;
import dev.weft.artifact.app.StoreMeter;
import dev.weft.artifact.domain.ArtifactRecord;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.artifacts.v1.DownloadArtifactResponse;
import dev.weft.proto.internal.artifact.v1.FetchArtifactResponse;
import org.jspecify.annotations.Nullable;

/** An artifact and its bytes, or a range of them. */
final class ArtifactSource implements DownloadStream.Source<FetchArtifactResponse> {

  private final BlobReader reader;
  private final StoreMeter meter;
  private final long end;
  private @Nullable ArtifactRecord first;
  private long position;

  /**
   * @param offset unsigned
   * @param length unsigned; 0: to the end
   */
  ArtifactSource(
      ArtifactRecord artifact, BlobReader reader, long offset, long length, StoreMeter meter) {
    this.first = artifact;
    this.reader = reader;
    this.meter = meter;
    long size = reader.size();
    if (Long.compareUnsigned(offset, size) > 0) {
      reader.close();
      throw new MeshException(
              CommonReason.OUT_OF_RANGE,
              "offset: " + Long.toUnsignedString(offset) + " (expected: at most " + size + ")")
          .with("size", size);
    }
    this.position = offset;
    this.end =
        length == 0 || Long.compareUnsigned(length, size - offset) > 0 ? size : offset + length;
  }

  @Override
  public @Nullable FetchArtifactResponse next() {
    ArtifactRecord artifact = first;
    if (artifact != null) {
      first = null;
      return message(
          DownloadArtifactResponse.newBuilder().setArtifact(StoreProtoMapper.artifact(artifact)));
    }
    if (position >= end) {
      return null;
    }
    int block = (int) (position / BlobChecks.BLOCK);
    byte[] content = reader.block(block);
    int from = (int) (position % BlobChecks.BLOCK);
    int length = (int) Math.min(content.length - from, end - position);
    position += length;
    meter.sent(length);
    return message(
        DownloadArtifactResponse.newBuilder()
            .setChunk(UnsafeByteOperations.unsafeWrap(content, from, length)));
  }

  private static FetchArtifactResponse message(DownloadArtifactResponse.Builder step) {
    return FetchArtifactResponse.newBuilder().setStep(step).build();
  }

  @Override
  public void close() {
    reader.close();
  }
}
