package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.client.BlobSender;
import dev.weft.cli.client.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/** The contents of a packed directory's files, read again when they travel, and checked then. */
final class PackedBlobs implements BlobSender.Blobs {
  private final Path directory;
  private final Map<ByteString, PackedFile> byDigest = new HashMap<>();

  PackedBlobs(PackedTree tree) {
    this.directory = tree.directory();
    tree.files().forEach(file -> byDigest.putIfAbsent(file.digest(), file));
  }

  @Override
  public long size(ByteString digest) {
    return file(digest).size();
  }

  @Override
  public BlobSender.Reader open(ByteString digest) throws IOException {
    PackedFile file = file(digest);
    try {
      Path path = RawNames.resolve(directory, file.path().toByteArray());
      return new Reader(
          file, FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw new ChangedWhilePackedException(file.path().toByteArray());
    }
  }

  private PackedFile file(ByteString digest) {
    PackedFile file = byDigest.get(digest);
    if (file == null) {
      throw new IllegalArgumentException("digest: not of this tree");
    }
    return file;
  }

  /** Fails at the end if the file is not what was packed, so that a wrong blob is never offered. */
  private static final class Reader implements BlobSender.Reader {
    private final PackedFile file;
    private final FileChannel channel;
    private final MessageDigest sha256 = Digests.sha256();
    private long left;

    Reader(PackedFile file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
      this.left = file.size();
    }

    @Override
    public ByteString next(int most) throws IOException {
      if (left == 0) {
        check(channel.size() == file.size());
        return ByteString.EMPTY;
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, left));
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Until it is full: a file may give less than it was asked for.
      }
      check(!buffer.hasRemaining());
      sha256.update(buffer.flip());
      left -= buffer.limit();
      // Before the last piece is out: the receiver would only refuse it.
      check(left > 0 || file.digest().equals(UnsafeByteOperations.unsafeWrap(sha256.digest())));
      return UnsafeByteOperations.unsafeWrap(buffer.rewind());
    }

    private void check(boolean unchanged) {
      if (!unchanged) {
        throw new ChangedWhilePackedException(file.path().toByteArray());
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
