package dev.weft.parts;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A real PostgreSQL server on loopback: password only, every commit flushed. Runs as an
 * unprivileged account when we are root.
 */
public final class PostgresProcess extends PartProcess {
  private static final String INVALID_PASSWORD = "28P01";

  private final PostgresSettings settings;

  private PostgresProcess(PostgresSettings settings, Launch launch) {
    super(Tool.POSTGRES, launch, "INT"); // A fast shutdown: ends sessions, flushes everything.
    this.settings = settings;
  }

  /** Makes the cluster if needed and configures it; the server isn't started. */
  public static PostgresProcess prepare(PostgresSettings settings, BinaryFinder finder) {
    Binary postgres = finder.require(Tool.POSTGRES);
    PostgresCluster cluster = new PostgresCluster(settings, postgres);
    Path data = cluster.prepare();
    return new PostgresProcess(
        settings,
        new Launch(
            List.of(postgres.executable().toString(), "-D", data.toString()),
            cluster.environment(),
            data,
            settings.log(),
            settings.lifetime(),
            cluster.account()));
  }

  /** Makes the cluster if needed, starts the server and returns once it answers queries. */
  public static PostgresProcess start(PostgresSettings settings, BinaryFinder finder) {
    PostgresProcess process = prepare(settings, finder);
    process.start();
    return process;
  }

  /** Deletes a stopped cluster, also one that had to lie elsewhere. */
  public static void deleteData(Path directory) {
    PostgresCluster.delete(directory);
  }

  /** As the superuser, to the database {@code postgres}. */
  public DatabaseAccess superuser() {
    return new DatabaseAccess(
        "127.0.0.1", settings.port(), "postgres", "postgres", settings.superuserPassword());
  }

  public PostgresAdmin admin() {
    return new PostgresAdmin(superuser());
  }

  public int port() {
    return settings.port();
  }

  @Override
  void probe() throws NotReadyException {
    try (Connection connection = superuser().connect()) {
      if (!connection.isValid(5)) {
        throw new NotReadyException("connection is not valid", false);
      }
    } catch (SQLException e) {
      throw new NotReadyException(
          String.valueOf(e.getMessage()), INVALID_PASSWORD.equals(e.getSQLState()));
    }
  }

  /** After a SIGKILL its children may need a moment to see that their parent is gone. */
  @Override
  boolean canRetry(String lastWords) {
    return lastWords.contains("pre-existing shared memory block");
  }
}
