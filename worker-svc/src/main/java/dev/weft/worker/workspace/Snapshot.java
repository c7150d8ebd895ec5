package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.domain.tree.TreeException;
import dev.weft.worker.domain.tree.TreePath;
import dev.weft.worker.linux.FileStat;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a workspace was at the start, in the order of a walk: on disk beside the workspace, where the
 * command does not see it, since a large one would fill the worker's memory for as long as the
 * command runs.
 */
final class Snapshot {

  /**
   * A name as it was.
   *
   * @param digest of a file whose bytes are known
   * @param target of a link; empty otherwise
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared where it must be.
  record Was(TreePath path, FileStat stat, Optional<Digest> digest, byte[] target) {}

  private final Path file;

  Snapshot(Path file) {
    this.file = file;
  }

  Writing write() throws IOException {
    return new Writing(file);
  }

  Reading read() throws IOException {
    return new Reading(file);
  }

  static final class Writing implements AutoCloseable {
    private final DataOutputStream out;

    private Writing(Path file) throws IOException {
      out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    void add(Was was) throws IOException {
      bytes(was.path().bytes());
      FileStat stat = was.stat();
      out.writeByte(stat.kind().code());
      out.writeShort(stat.mode());
      out.writeLong(stat.inode());
      out.writeLong(stat.size());
      out.writeLong(stat.modifiedNanos());
      out.writeLong(stat.changedNanos());
      bytes(was.digest().map(Digest::bytes).orElseGet(() -> new byte[0]));
      bytes(was.target());
    }

    private void bytes(byte[] bytes) throws IOException {
      out.writeShort(bytes.length);
      out.write(bytes);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  static final class Reading implements AutoCloseable {
    private final DataInputStream in;

    private Reading(Path file) throws IOException {
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    /** Null at the end. */
    @Nullable Was next() throws IOException, TreeException {
      int length;
      try {
        length = in.readUnsignedShort();
      } catch (EOFException e) {
        return null;
      }
      TreePath path = TreePath.of(in.readNBytes(length));
      FileStat.Kind kind = FileStat.Kind.of((char) in.readUnsignedByte());
      int mode = in.readUnsignedShort();
      FileStat stat =
          new FileStat(kind, mode, 0, in.readLong(), in.readLong(), in.readLong(), in.readLong());
      byte[] digest = bytes();
      Optional<Digest> known =
          digest.length == 0 ? Optional.empty() : Optional.of(Digest.of(digest));
      return new Was(path, stat, known, bytes());
    }

    private byte[] bytes() throws IOException {
      return in.readNBytes(in.readUnsignedShort());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
