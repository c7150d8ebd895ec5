package dev.weft.platform.discovery;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.ConsulProcess;
import dev.weft.parts.ConsulSettings;
import dev.weft.parts.FreePort;
import dev.weft.parts.Lifetime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A real Consul on free ports that can be killed, started again, and started empty. */
final class ThrowAwayConsul implements AutoCloseable {

  private final ConsulSettings settings;
  private ConsulProcess process;

  ThrowAwayConsul(Path directory) {
    settings =
        new ConsulSettings(
            directory,
            new ConsulSettings.Ports(FreePort.find(), FreePort.find(), FreePort.find()),
            UUID.randomUUID().toString(),
            UUID.randomUUID().toString(),
            Lifetime.OWNER);
    process = start();
  }

  private ConsulProcess start() {
    return ConsulProcess.start(settings, new BinaryFinder(System.getenv()));
  }

  ConsulAccess access() {
    return access(Optional.of(process.serviceToken()));
  }

  ConsulAccess access(Optional<String> token) {
    return ConsulAccess.of(process.url(), token);
  }

  void kill() {
    process.kill();
  }

  void startAgain() {
    process.start();
  }

  /** Kills it, takes away everything it knew and starts it again. */
  void restartEmpty() {
    process.kill();
    delete(settings.directory().resolve("data"));
    process.start();
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.kill();
  }
}
