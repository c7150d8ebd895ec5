package dev.weft.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.client.ArtifactApi;
import dev.weft.cli.client.Digests;
import dev.weft.cli.tree.PackProgress;
import dev.weft.proto.artifacts.v1.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A download to a file, which is there whole or not at all. Until then it is {@code
 * NAME.<digest>.part}, where the next try goes on, even one of another day.
 */
final class FileDownload implements ArtifactApi.Pieces, AutoCloseable {
  private static final int NAMED_BY = 16;
  private static final int BUFFER = 256 * 1024;

  private final FileChannel part;
  private final PackProgress progress;
  private final MessageDigest sha256 = Digests.sha256();
  private long position;

  private FileDownload(FileChannel part, PackProgress progress) throws IOException {
    this.part = part;
    this.progress = progress;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (part.read(buffer) >= 0) {
      sha256.update(buffer.flip());
      buffer.clear();
    }
    position = part.position();
  }

  static Artifact fetch(ArtifactApi api, Artifact artifact, Path file, PackProgress progress) {
    Path target = Files.isDirectory(file) ? file.resolve(artifact.getId()) : file.toAbsolutePath();
    Path part =
        target.resolveSibling(
            target.getFileName()
                + "."
                + ArtifactText.hex(artifact.getDigest()).substring(0, NAMED_BY)
                + ".part");
    try (FileDownload download = new FileDownload(open(part, artifact), progress)) {
      api.download(artifact.getId(), download);
      ByteString digest = UnsafeByteOperations.unsafeWrap(download.sha256.digest());
      if (!digest.equals(artifact.getDigest())) {
        Files.delete(part);
        throw new CliException(
            ExitCodes.FAILED, artifact.getId() + " came with other bytes than its digest says");
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return artifact;
    } catch (IOException | UncheckedIOException e) {
      throw new CliException(ExitCodes.FAILED, "can't write " + target + ": " + e.getMessage());
    }
  }

  /**
   * One that is longer than it can be is begun anew. Its name can be guessed, and others may write
   * in the same folder: one that could be theirs, or stands for another file, is not touched.
   */
  private static FileChannel open(Path part, Artifact artifact) throws IOException {
    if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      checkOwn(part);
      if (Files.size(part) <= artifact.getSizeBytes()) {
        return FileChannel.open(
            part, LinkOption.NOFOLLOW_LINKS, StandardOpenOption.READ, StandardOpenOption.WRITE);
      }
      Files.delete(part);
    }
    return FileChannel.open(
        part, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void checkOwn(Path part) throws IOException {
    boolean own =
        Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
            && Objects.equals(Files.getAttribute(part, "unix:nlink", LinkOption.NOFOLLOW_LINKS), 1)
            && Files.getOwner(part, LinkOption.NOFOLLOW_LINKS).equals(me(part));
    if (!own) {
      throw new CliException(
          ExitCodes.FAILED,
          part + " is a link or another user's; nothing is written to it (remove it)");
    }
  }

  /** Whoever owns what this process makes there. */
  private static UserPrincipal me(Path part) throws IOException {
    Path probe = Files.createTempFile(part.getParent(), ".weft-", ".tmp");
    try {
      return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
    } finally {
      Files.delete(probe);
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void take(Artifact artifact, ByteString piece) throws IOException {
    for (ByteBuffer buffer : piece.asReadOnlyByteBufferList()) {
      sha256.update(buffer.duplicate());
      while (buffer.hasRemaining()) {
        part.write(buffer);
      }
    }
    position += piece.size();
    progress.moved(position, artifact.getSizeBytes());
  }

  @Override
  public void close() throws IOException {
    part.close();
  }
}
