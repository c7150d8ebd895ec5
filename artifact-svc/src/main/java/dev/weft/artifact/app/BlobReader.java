package dev.weft.artifact.app;

import dev.weft.artifact.app.BlobStore.Source;
import dev.weft.artifact.domain.BlobChecks;
import dev.weft.artifact.domain.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * A blob on its way out, block by block; no block leaves that is not what was stored. Not for
 * several threads.
 */
public final class BlobReader implements AutoCloseable {

  /** What was read badly once is read again before it is called damaged. */
  private static final int ATTEMPTS = 2;

  private final BlobDesk desk;
  private final String tenant;
  private final StoredBlob blob;
  private @Nullable Source source;

  BlobReader(BlobDesk desk, String tenant, StoredBlob blob) {
    this.desk = desk;
    this.tenant = tenant;
    this.blob = blob;
  }

  public long size() {
    return blob.size();
  }

  /** Opens the bytes, to know early whether they are there. */
  BlobReader opened() throws IOException {
    if (source == null && blob.size() > 0) {
      source = desk.store().open(tenant, blob.location());
    }
    return this;
  }

  /**
   * @param index from 0 to the last block
   * @throws dev.weft.platform.error.MeshException BLOB_CORRUPT
   */
  public byte[] block(int index) {
    long position = (long) index * BlobChecks.BLOCK;
    byte[] content = new byte[(int) Math.min(BlobChecks.BLOCK, blob.size() - position)];
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (read(index, position, content)) {
          return content;
        }
      }
    } catch (NoSuchFileException e) {
      // Damaged too: the row says that it should be there.
    } catch (IOException e) {
      throw StoreFailures.of(e);
    }
    throw desk.damaged(tenant, blob);
  }

  private boolean read(int index, long position, byte[] content) throws IOException {
    Source open = opened().source;
    return open != null
        && open.read(position, content) == content.length
        && blob.checks().holds(index, content, content.length);
  }

  /** All of it, from the start. */
  InputStream stream() {
    return new InputStream() {
      private byte[] block = new byte[0];
      private int next;
      private int used;

      @Override
      public int read() {
        return fill() ? block[used++] & 0xFF : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (length == 0) {
          return 0;
        }
        if (!fill()) {
          return -1;
        }
        int taken = Math.min(length, block.length - used);
        System.arraycopy(block, used, target, offset, taken);
        used += taken;
        return taken;
      }

      private boolean fill() {
        if (used == block.length && (long) next * BlobChecks.BLOCK < blob.size()) {
          block = block(next++);
          used = 0;
        }
        return used < block.length;
      }

      private byte[] block(int index) {
        return BlobReader.this.block(index);
      }
    };
  }

  @Override
  public void close() {
    if (source != null) {
      source.close();
    }
  }
}
