package dev.weft.parts;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the operating system. */
final class SystemTools {
  /** Where administrators' programs are, which an ordinary user's PATH often leaves out. */
  private static final List<Path> USUAL =
      Stream.of(
              "/usr/local/bin",
              "/usr/bin",
              "/bin",
              "/usr/local/sbin",
              "/usr/sbin",
              "/sbin",
              "/opt/homebrew/bin",
              "/snap/bin")
          .map(Path::of)
          .toList();

  private SystemTools() {}

  /** The program on the PATH or in a usual place. */
  static Optional<Path> path(String program) {
    return path(program, System.getenv());
  }

  static Optional<Path> path(String program, Map<String, String> environment) {
    return Stream.concat(searchPath(environment), USUAL.stream())
        .map(directory -> directory.resolve(program))
        .filter(SystemTools::runnable)
        .findFirst();
  }

  static Stream<Path> searchPath(Map<String, String> environment) {
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(text -> !text.isBlank())
        .map(Path::of);
  }

  static boolean runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  static boolean linux() {
    return System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT).contains("linux");
  }

  /** {@code amd64} or {@code arm64}, or what the JVM says. */
  static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case String other -> other;
    };
  }
}
