package dev.weft.artifact.app;

import dev.weft.artifact.domain.BlobSeal;
import dev.weft.artifact.domain.BlobSeal.Sealed;
import dev.weft.artifact.domain.Digest;
import dev.weft.artifact.domain.StoredBlob;
import dev.weft.platform.error.MeshException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way in: hashed as it passes, invisible until {@link #finish} has seen that it is
 * what it was said to be. Not for several threads.
 */
public final class BlobWriter implements AutoCloseable {

  /** Short, since all uploads may write so much between two looks; a look costs microseconds. */
  private static final long LOOK_AT_ROOM = 1L << 20;

  private final BlobDesk desk;
  private final String tenant;
  private final OptionalLong expected;
  private final BlobStore.Upload upload;
  private final BlobSeal seal = new BlobSeal();
  private long roomSeenAt;

  BlobWriter(BlobDesk desk, String tenant, OptionalLong expected, BlobStore.Upload upload) {
    this.desk = desk;
    this.tenant = tenant;
    this.expected = expected;
    this.upload = upload;
  }

  /** Takes what remains in the buffer. */
  public void write(ByteBuffer bytes) {
    write(List.of(bytes));
  }

  /** Takes what remains in the buffers, one after the other. */
  public void write(List<ByteBuffer> pieces) {
    int length = 0;
    for (ByteBuffer piece : pieces) {
      length += piece.remaining();
    }
    long size = seal.size() + length;
    if (expected.isPresent() && size > expected.getAsLong()) {
      throw BlobDesk.wrongSize(expected.getAsLong(), "more");
    }
    desk.checkSize(size);
    if (size - roomSeenAt >= LOOK_AT_ROOM) {
      desk.checkRoom(0);
      roomSeenAt = size;
    }
    pieces.forEach(seal::update);
    try {
      upload.write(pieces);
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
    desk.meter().received(length);
  }

  /**
   * Verifies, makes durable, makes visible to the tenant.
   *
   * @param digest what it must be; null: whatever it is
   */
  public Sealed finish(@Nullable Digest digest) {
    if (expected.isPresent() && seal.size() != expected.getAsLong()) {
      throw BlobDesk.wrongSize(expected.getAsLong(), seal.size());
    }
    Sealed sealed = seal.seal();
    if (digest != null && !digest.equals(sealed.digest())) {
      throw BlobDesk.wrongDigest(digest, sealed.digest());
    }
    try {
      String location = upload.finish(sealed.digest());
      desk.record(
          tenant, new StoredBlob(sealed.digest(), sealed.size(), location, sealed.checks()));
      return sealed;
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
  }

  /** Leaves nothing behind, unless it was finished. */
  @Override
  public void close() {
    upload.close();
  }

  /** What the caller is told who names a size that is none. */
  static MeshException tooLarge(long most) {
    return new MeshException(
            ArtifactReason.ARTIFACT_TOO_LARGE, "bytes: more than " + most + " (expected: fewer)")
        .with("most_bytes", most);
  }
}
