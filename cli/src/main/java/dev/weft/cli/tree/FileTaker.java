package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.client.BlobFetcher;
import dev.weft.cli.client.Digests;
import dev.weft.proto.artifacts.v1.TreeEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes fetched blobs to the files that have them; a file appears once its digest is right. */
final class FileTaker implements BlobFetcher.Taker, AutoCloseable {
  private final TargetFolder folder;
  private final Map<ByteString, List<TreeEntry>> files;
  private final LongConsumer onMoved;
  private final MessageDigest sha256 = Digests.sha256();
  private List<TreeEntry> same = List.of();
  private @Nullable Path temporary;
  private @Nullable FileChannel out;
  private long moved;

  FileTaker(TargetFolder folder, Map<ByteString, List<TreeEntry>> files, LongConsumer onMoved) {
    this.folder = folder;
    this.files = files;
    this.onMoved = onMoved;
  }

  @Override
  public void begin(ByteString digest, long size) throws IOException {
    discard(); // One that broke off.
    same = Objects.requireNonNull(files.get(digest));
    Path file = folder.temporary(same.getFirst().getPath());
    temporary = file;
    out = FileChannel.open(file, StandardOpenOption.WRITE);
    sha256.reset();
  }

  @Override
  public void take(ByteString piece) throws IOException {
    FileChannel channel = Objects.requireNonNull(out);
    for (var buffer : piece.asReadOnlyByteBufferList()) {
      sha256.update(buffer.duplicate());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    moved += piece.size();
    onMoved.accept(moved);
  }

  @Override
  public void end() throws IOException {
    Path file = Objects.requireNonNull(temporary);
    Objects.requireNonNull(out).close();
    TreeEntry first = same.getFirst();
    if (!UnsafeByteOperations.unsafeWrap(sha256.digest()).equals(first.getDigest())) {
      throw new TreeException(
          RawNames.shown(first.getPath().toByteArray())
              + " came with other bytes than its digest says");
    }
    for (TreeEntry other : same.subList(1, same.size())) {
      Path copy = folder.temporary(other.getPath());
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      folder.place(copy, other);
    }
    folder.place(file, first);
    temporary = null;
  }

  private void discard() throws IOException {
    if (out != null) {
      out.close();
    }
    if (temporary != null) {
      Files.deleteIfExists(temporary);
      temporary = null;
    }
  }

  @Override
  public void close() {
    try {
      discard();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
