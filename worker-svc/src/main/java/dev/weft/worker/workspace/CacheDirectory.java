package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** What an earlier process left of a cache: {@code <tenant>/<2 digits>/<digest>}. */
final class CacheDirectory {

  static final String INCOMING = "incoming";
  private static final int DIGITS = 2 * Digest.BYTES;

  private CacheDirectory() {}

  /** A blob on disk. */
  record Found(String tenant, Digest digest, long size, FileTime stored) {}

  /** Removes what was never finished. */
  static void sweep(Path incoming) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(incoming)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  static List<Found> oldestFirst(Path directory) throws IOException {
    List<Found> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path blob = directory.relativize(file);
            String name = file.getFileName().toString();
            if (blob.getNameCount() == 3 && name.length() == DIGITS) {
              found.add(
                  new Found(
                      blob.getName(0).toString(),
                      Digest.of(HexFormat.of().parseHex(name)),
                      attributes.size(),
                      attributes.lastModifiedTime()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.comparing(Found::stored));
    return found;
  }
}
