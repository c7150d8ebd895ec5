package dev.weft.worker.workspace;

import dev.weft.worker.app.ArtifactStore.Parcel;
import dev.weft.worker.app.ArtifactStore.Pieces;
import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.linux.ErrnoException;
import dev.weft.worker.linux.FileHandle;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.MessageDigest;

/** A changed file on its way out; notices at its end if it is not what was announced. */
record FileParcel(Path root, TreeEntry.Regular file) implements Parcel {

  @Override
  public Digest digest() {
    return file.digest();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public Pieces open() throws IOException {
    try {
      return new Bytes(StableFile.open(root, file.path()));
    } catch (ErrnoException e) {
      if (e.moved()) {
        throw new MovedException(file.path());
      }
      throw e;
    }
  }

  private final class Bytes implements Pieces {

    private final FileHandle handle;
    private final MessageDigest hash = Hashing.sha256();
    private long left = file.size();

    Bytes(FileHandle handle) {
      this.handle = handle;
    }

    @Override
    public int read(byte[] into) throws IOException {
      if (left == 0) {
        return 0;
      }
      int wanted = (int) Math.min(left, into.length);
      int filled = fill(into, wanted);
      hash.update(into, 0, filled);
      left -= filled;
      if (filled < wanted || (left == 0 && !Hashing.of(hash).equals(file.digest()))) {
        throw new MovedException(file.path());
      }
      return filled;
    }

    private int fill(byte[] into, int wanted) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment buffer = arena.allocate(wanted);
        int filled = 0;
        while (filled < wanted) {
          long n = handle.read(buffer.asSlice(filled));
          if (n == 0) {
            break;
          }
          filled += (int) n;
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, filled);
        return filled;
      }
    }

    @Override
    public void close() {
      handle.close();
    }
  }
}
