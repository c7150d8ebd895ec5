package dev.weft.artifact.app;

import dev.weft.artifact.domain.ArtifactRecord;
import java.nio.ByteBuffer;
import java.util.List;

/** An artifact on its way in. Not for several threads. */
public final class ArtifactUpload implements AutoCloseable {

  private final ArtifactDesk desk;
  private final Access access;
  private final UploadTerms terms;
  private final BlobWriter writer;

  ArtifactUpload(ArtifactDesk desk, Access access, UploadTerms terms, BlobWriter writer) {
    this.desk = desk;
    this.access = access;
    this.terms = terms;
    this.writer = writer;
  }

  /** Takes what remains in the buffers, one after the other. */
  public void write(List<ByteBuffer> pieces) {
    writer.write(pieces);
  }

  /** Verifies, makes durable, makes visible. */
  public ArtifactRecord finish() {
    return desk.add(access, terms, writer.finish(terms.digest()));
  }

  /** Leaves nothing visible, unless it was finished. */
  @Override
  public void close() {
    writer.close();
  }
}
