package dev.weft.cli.tree;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weft.cli.client.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** SHA-256 of files, one after another through one buffer. */
final class FileHasher {
  private static final int BUFFER = 256 * 1024;

  private final MessageDigest sha256 = Digests.sha256();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  static ByteString hash(ByteString content) {
    MessageDigest digest = Digests.sha256();
    content.asReadOnlyByteBufferList().forEach(digest::update);
    return UnsafeByteOperations.unsafeWrap(digest.digest());
  }

  ByteString hash(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      buffer.clear();
      while (channel.read(buffer) >= 0) {
        sha256.update(buffer.flip());
        buffer.clear();
      }
      return UnsafeByteOperations.unsafeWrap(sha256.digest());
    }
  }
}
