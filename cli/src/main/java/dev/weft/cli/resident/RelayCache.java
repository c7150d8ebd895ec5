package dev.weft.cli.resident;

import dev.weft.cli.relay.Relay;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The JVM's cache for the small program: its classes as they are after a first command. Made once
 * for each build and JDK, by such a command to this resident.
 */
final class RelayCache {
  private static final String JAR = "weft-cli-relay.jar";
  private static final String CACHE = "weft-cli-relay.aot";
  private static final File NOWHERE = new File("/dev/null");
  private static final long LIMIT_SECONDS = 60;

  private RelayCache() {}

  /**
   * Makes it if there is none of this build and JDK; without it everything works, only slower.
   *
   * @param program the jar beside which it lies
   */
  static void make(Path program) {
    Path cache = program.resolveSibling(CACHE);
    Path jdk = Path.of(System.getProperty("java.home"), "lib", "modules");
    try {
      Path beside = program.toAbsolutePath().getParent();
      boolean fresh = isNewer(cache, program) && isNewer(cache, jdk);
      if (fresh || beside == null || !Files.isWritable(beside)) {
        return;
      }
      Path made = Files.createTempFile(beside, "relay-", ".aot.tmp");
      try {
        if (train(program.resolveSibling(JAR), made)) {
          // Whoever can read the program may use it.
          Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(program));
          Files.move(made, cache, StandardCopyOption.ATOMIC_MOVE);
        }
      } finally {
        Files.deleteIfExists(made);
        Files.deleteIfExists(Path.of(made + ".config"));
      }
    } catch (IOException e) {
      // As without.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isNewer(Path file, Path than) throws IOException {
    return Files.exists(file)
        && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) > 0;
  }

  private static boolean train(Path relay, Path made) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:AOTCacheOutput=" + made,
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dweft.root=" + System.getProperty("weft.root"),
                    "-Dweft.umask=" + System.getProperty("weft.umask"),
                    "-D" + Relay.RESIDENT + "=" + System.getProperty(Relay.RESIDENT),
                    "-cp",
                    relay.toString(),
                    Relay.class.getName(),
                    "version"))
            .redirectInput(NOWHERE)
            .redirectOutput(NOWHERE)
            .redirectError(NOWHERE);
    Process training = builder.start();
    if (!training.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      training.destroyForcibly();
      return false;
    }
    return training.exitValue() == 0 && Files.size(made) > 0;
  }
}
