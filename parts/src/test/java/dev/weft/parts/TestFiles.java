package dev.weft.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Temporary folders that an unprivileged account can enter too, unlike JUnit's. */
final class TestFiles {
  private TestFiles() {}

  static Path openDirectory() {
    try {
      Path directory = Files.createTempDirectory("weft-parts-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
