package dev.weft.e2e.chaos;

import dev.weft.e2e.mesh.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A wall clock that is wrong for one process only (libfaketime), and can be moved while it runs.
 */
final class SkewedClock {

  private static final Duration FETCH = Duration.ofMinutes(2);
  private static final String LIBRARY = "libfaketime.so.1";

  private final Path library;
  private final Path now;

  /** As Debian packages it: installed, else unpacked into the directory. */
  SkewedClock(Path directory) throws IOException {
    now = directory.resolve("clock");
    move("+0");
    Optional<Path> installed = find(Path.of("/usr/lib"));
    if (installed.isEmpty()) {
      Command.run(
              directory,
              Map.of(),
              FETCH,
              List.of(
                  "sh", "-c", "apt-get -q download libfaketime && dpkg-deb -x libfaketime_*.deb ."))
          .expectSuccess();
    }
    library = installed.or(() -> find(directory)).orElseThrow();
  }

  /** From now on it is off by so much, for example {@code -1h}. */
  void move(String offset) {
    try {
      Files.writeString(now, offset + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        now.toString(),
        "FAKETIME_NO_CACHE",
        "1",
        "DONT_FAKE_MONOTONIC",
        "1");
  }

  private static Optional<Path> find(Path directory) {
    try (Stream<Path> files =
        Files.find(directory, 6, (path, facts) -> path.endsWith(Path.of("faketime", LIBRARY)))) {
      return files.findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
