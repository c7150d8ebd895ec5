package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.Digest;
import dev.weft.worker.linux.FileHandle;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of files. */
final class Hashing {

  private static final int BUFFER = 256 * 1024;

  private Hashing() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static Digest of(MessageDigest hash) {
    return Digest.of(hash.digest());
  }

  /** Reads a file from where it stands to its end. */
  static Digest rest(FileHandle file) throws IOException {
    MessageDigest hash = sha256();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      for (long n = file.read(buffer); n > 0; n = file.read(buffer)) {
        hash.update(buffer.asSlice(0, n).asByteBuffer());
      }
    }
    return of(hash);
  }
}
