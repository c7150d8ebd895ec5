package dev.weft.cli.local;

import dev.weft.parts.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The parsed classes of one service, kept beside its build: a start with them takes half the
 * processor time. The first process of a service that runs without them writes them when it ends.
 */
final class ClassArchive {
  private static final String WRITE_FLAG = "-XX:ArchiveClassesAtExit=";
  private static final String SUFFIX = ".jsa";
  private static final String FRESH = ".new";

  private final Path jar;
  private final Path file;

  ClassArchive(Path jar) {
    this.jar = jar;
    // Another JDK's would be refused.
    this.file = jar.resolveSibling("classes-" + Runtime.version() + SUFFIX);
  }

  /**
   * What the JVM is told.
   *
   * @param mayWrite one process of a service does, so that they don't write over each other
   */
  List<String> flags(boolean mayWrite) {
    if (isCurrent()) {
      return List.of("-XX:SharedArchiveFile=" + file);
    }
    return mayWrite && Files.isWritable(jar.toAbsolutePath().getParent())
        ? List.of(WRITE_FLAG + file + FRESH)
        : List.of();
  }

  /** Whether this process writes an archive when it ends, for which it needs time. */
  static boolean isWrittenBy(RunFile process) {
    return written(process).isPresent();
  }

  /** Puts what an ended process wrote in its place, or away if it was killed while it wrote. */
  static void settle(RunFile process, boolean endedByItself) {
    Optional<Path> fresh = written(process).filter(Files::exists);
    if (fresh.isEmpty()) {
      return;
    }
    try {
      if (endedByItself) {
        String name = String.valueOf(fresh.get().getFileName());
        Path target = fresh.get().resolveSibling(name.substring(0, name.length() - FRESH.length()));
        Files.move(fresh.get(), target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.delete(fresh.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> written(RunFile process) {
    return process.launch().command().stream()
        .filter(argument -> argument.startsWith(WRITE_FLAG))
        .map(argument -> Path.of(argument.substring(WRITE_FLAG.length())))
        .findFirst();
  }

  private boolean isCurrent() {
    try {
      return Files.exists(file)
          && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
