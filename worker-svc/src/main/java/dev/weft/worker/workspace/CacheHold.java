package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore.BlobSink;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.linux.FileHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's part of the cache: what it found there and what it adds stays until this is closed.
 * Takes blobs as they come, and believes none before its bytes say so. One thread.
 */
final class CacheHold implements BlobSink, AutoCloseable {

  private final WorkspaceCache cache;
  private final String tenant;
  private final List<Digest> held = new ArrayList<>();
  private final MessageDigest hash = Hashing.sha256();
  private @Nullable FileChannel open;
  private @Nullable Path file;
  private @Nullable Digest expected;
  private long size;
  private long taken;

  CacheHold(WorkspaceCache cache, String tenant) {
    this.cache = cache;
    this.tenant = tenant;
  }

  /** Which of these, each named once, are not there; the others stay from now on. */
  List<Digest> lacking(Collection<Digest> digests) throws IOException {
    List<Digest> lacking = new ArrayList<>();
    for (Digest digest : digests) {
      if (cache.pin(tenant, digest)) {
        held.add(digest);
      } else {
        lacking.add(digest);
      }
    }
    return lacking;
  }

  FileHandle read(Digest digest) throws IOException {
    return cache.read(tenant, digest);
  }

  @Override
  public void begin(Digest digest, long expectedSize) throws IOException {
    drop();
    Path next = cache.nextTemporary();
    open = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    file = next;
    expected = digest;
    size = expectedSize;
    taken = 0;
    hash.reset();
  }

  @Override
  public void chunk(ByteBuffer bytes) throws IOException {
    FileChannel channel = Objects.requireNonNull(open, "a blob has begun");
    taken += bytes.remaining();
    hash.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void end() throws IOException, CarryException {
    Digest digest = Objects.requireNonNull(expected, "a blob has begun");
    Path whole = Objects.requireNonNull(file);
    Digest is = Hashing.of(hash);
    if (!is.equals(digest) || taken != size) {
      drop();
      throw new CarryException(
          FailureReason.BLOB_CORRUPT,
          "blob %s: %d bytes of digest %s came (expected: %d)".formatted(digest, taken, is, size));
    }
    Objects.requireNonNull(open).close();
    cache.admit(tenant, digest, whole);
    held.add(digest);
    open = null;
    file = null;
    expected = null;
  }

  @Override
  public void drop() {
    FileChannel channel = open;
    Path partial = file;
    open = null;
    file = null;
    expected = null;
    try {
      if (channel != null) {
        channel.close();
      }
      if (partial != null) {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      // The next start sweeps it.
      return;
    }
  }

  @Override
  public void close() {
    drop();
    cache.unpin(tenant, held);
    held.clear();
  }
}
