package dev.weft.platform.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Small files that hold secrets. A file appears whole or not at all, has mode 0600 from its first
 * byte on, and is on the disk when the method returns.
 */
public final class PrivateFiles {

  private static final int MAX_BYTES = 1 << 20;

  private PrivateFiles() {}

  /** Writes or replaces a file that only its owner can read. */
  public static void writeText(Path file, String text) {
    write(file, text, "rw-------");
  }

  static void writePublicText(Path file, String text) {
    write(file, text, "rw-r--r--");
  }

  /** Reads a small text file; a missing one is named in the message. */
  public static String readText(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new SecurityFailure(file + ": " + size + " bytes (expected: <= " + MAX_BYTES + ")");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SecurityFailure(file + ": does not exist", e);
    } catch (IOException e) {
      throw new SecurityFailure(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static void write(Path file, String text, String permissions) {
    Path target = file.toAbsolutePath();
    Path directory = target.resolveSibling("").toAbsolutePath();
    Path temporary = directory.resolve("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createDirectories(directory);
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              attributes(permissions))) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written", e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A left-over temporary file has mode 0600 as well; the write itself has already succeeded or
      // failed.
    }
  }
}
