package dev.weft.parts.junit;

import dev.weft.parts.BinaryFinder;
import dev.weft.parts.CacheDirectory;
import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.FreePort;
import dev.weft.parts.Lifetime;
import dev.weft.parts.PostgresProcess;
import dev.weft.parts.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One real PostgreSQL for all tests of a JVM, started at first use and gone with the JVM. Usable
 * without JUnit too, for example from a Quarkus test resource.
 */
public final class ThrowAwayPostgres {
  private static @Nullable ThrowAwayPostgres shared;

  private final PostgresProcess process;
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final AtomicInteger databases = new AtomicInteger();

  private ThrowAwayPostgres(PostgresProcess process) {
    this.process = process;
  }

  public static synchronized ThrowAwayPostgres shared() {
    if (shared == null) {
      Path directory = temporaryDirectory();
      PostgresSettings settings =
          new PostgresSettings(
              directory, FreePort.find(), UUID.randomUUID().toString(), Lifetime.OWNER);
      PostgresProcess process = PostgresProcess.start(settings, new BinaryFinder(System.getenv()));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    process.kill();
                    CacheDirectory.deleteTree(directory);
                  }));
      shared = new ThrowAwayPostgres(process);
    }
    return shared;
  }

  /** The server itself, to kill and restart it; other classes' databases live in it too. */
  public PostgresProcess process() {
    return process;
  }

  /** A new, empty database. */
  public ScratchDatabase newDatabase() {
    String name = "test_" + databases.incrementAndGet();
    process.admin().ensureDatabase(name);
    return new ScratchDatabase(this, name);
  }

  /** A service's role, the same in every database, with its schema in this one. */
  synchronized DatabaseAccess service(String database, String service) {
    String password = passwords.computeIfAbsent(service, key -> UUID.randomUUID().toString());
    return process.admin().ensureService(database, service, password);
  }

  private static Path temporaryDirectory() {
    try {
      Path directory = Files.createTempDirectory("weft-pg-");
      // The account that the server runs as must be able to enter it.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
