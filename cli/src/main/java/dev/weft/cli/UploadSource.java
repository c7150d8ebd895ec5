package dev.weft.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.Digests;
import dev.weft.cli.tree.PackProgress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Bytes on their way into the mesh, and the digest of those that were read. */
final class UploadSource implements ArtifactApi.Source, AutoCloseable {
  private final Opener opener;
  private final long all;
  private final PackProgress progress;
  private final MessageDigest sha256 = Digests.sha256();
  private @Nullable InputStream in;
  private long moved;

  /** Gives the bytes from the beginning. */
  private interface Opener {
    InputStream open(boolean again) throws IOException;
  }

  private UploadSource(Opener opener, long all, PackProgress progress) {
    this.opener = opener;
    this.all = all;
    this.progress = progress;
  }

  static UploadSource repeatable(Path file, PackProgress progress) throws IOException {
    return new UploadSource(_ -> Files.newInputStream(file), Files.size(file), progress);
  }

  static UploadSource once(InputStream in, PackProgress progress) {
    return new UploadSource(
        again -> {
          if (again) {
            throw new CliException(
                ExitCodes.UNREACHABLE,
                "the connection broke off, and standard input can't be read again");
          }
          return in;
        },
        0,
        progress);
  }

  @Override
  public void restart() throws IOException {
    boolean again = in != null;
    close();
    in = opener.open(again);
    sha256.reset();
    moved = 0;
  }

  @Override
  public ByteString next(int most) throws IOException {
    byte[] bytes = in == null ? new byte[0] : in.readNBytes(most);
    sha256.update(bytes);
    moved += bytes.length;
    progress.moved(moved, bytes.length == 0 ? moved : all);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** Of what was read; once. */
  ByteString digest() {
    return UnsafeByteOperations.unsafeWrap(sha256.digest());
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
