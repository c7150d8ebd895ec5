package dev.weft.cli.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where what is known of packed directories is kept from one run to the next. */
record CacheFolder(Path folder) {
  /** What is kept of a directory; two of one fingerprint take turns. */
  Path file(Path directory, String ending) {
    return folder.resolve(Long.toHexString(fingerprint(directory)) + ending);
  }

  /** FNV-1a. */
  private static long fingerprint(Path directory) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : directory.toUri().toString().getBytes(StandardCharsets.US_ASCII)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    return hash;
  }

  /** Puts a file in the place of the one before, so that nobody reads half of it. */
  void replace(Path file, byte[] content) throws IOException {
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, "new-", ".tmp");
    try {
      Files.write(temporary, content);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
