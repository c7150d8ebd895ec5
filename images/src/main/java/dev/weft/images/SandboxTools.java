package dev.weft.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs that worker-svc starts, and the few that a task finds (worker-svc/README.md). */
final class SandboxTools {
  private static final List<String> WHOLE = List.of("bubblewrap", "coreutils", "dash", "grep");
  private static final List<String> SINGLE = List.of("prlimit", "setpriv", "setsid");

  private static final Pattern PROGRAM = Pattern.compile("(/usr)?/s?bin/[^/]+");

  private SandboxTools() {}

  static List<Path> programs(PackageDatabase packages) {
    return Stream.concat(
            WHOLE.stream().flatMap(name -> packages.files(name).stream()),
            packages.files("util-linux").stream().filter(SandboxTools::isWanted))
        .filter(file -> PROGRAM.matcher(file.toString()).matches())
        .filter(file -> !Files.isSymbolicLink(file))
        .filter(SandboxTools::isBinary)
        .sorted()
        .toList();
  }

  /** Under its own name too. */
  static Path shell() {
    return Stream.of("/usr/bin/dash", "/bin/dash")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new ImageException("dash: not found (apt install dash)"));
  }

  private static boolean isWanted(Path file) {
    return SINGLE.contains(file.getFileName().toString());
  }

  private static boolean isBinary(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(4), StandardCharsets.ISO_8859_1).equals("\u007fELF");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
