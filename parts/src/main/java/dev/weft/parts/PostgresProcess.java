package dev.weft.parts;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A real PostgreSQL server on loopback: password only, every commit flushed. Runs as an unprivileged
 * account when we are root.
 */
public final class PostgresProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(50);

  private final PostgresSettings settings;
  private final Launch launch;
  private ChildProcess child;

  private PostgresProcess(PostgresSettings settings, Launch launch, ChildProcess child) {
    this.settings = settings;
    this.launch = launch;
    this.child = child;
  }

  /** Makes the cluster if needed, starts the server and returns once it answers queries. */
  public static PostgresProcess start(PostgresSettings settings, BinaryFinder finder) {
    Launch launch = prepare(settings, finder);
    PostgresProcess process = new PostgresProcess(settings, launch, ChildProcess.start(launch));
    process.awaitReady();
    return process;
  }

  /** Takes over a server that was started detached. */
  public static PostgresProcess attach(
      PostgresSettings settings, BinaryFinder finder, ProcessStamp stamp) {
    return new PostgresProcess(
        settings, prepare(settings, finder), ChildProcess.attach(stamp, settings.log()));
  }

  /** Makes the cluster if needed, and tells how its server is started. */
  public static Launch prepare(PostgresSettings settings, BinaryFinder finder) {
    Binary postgres = finder.require(Tool.POSTGRES);
    PostgresCluster cluster = new PostgresCluster(settings, postgres);
    Path data = cluster.prepare();
    return new Launch(
        List.of(postgres.executable().toString(), "-D", data.toString()),
        cluster.environment(),
        data,
        settings.log(),
        settings.lifetime(),
        cluster.account());
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

  public synchronized ProcessStamp stamp() {
    return child.stamp();
  }

  public Launch launch() {
    return launch;
  }

  public synchronized boolean isRunning() {
    return child.isRunning();
  }

  /** SIGKILL to the server and its children: a crash, as far as its data is concerned. */
  public synchronized void kill() {
    child.kill();
  }

  /** Starts it again on the same data after a kill or a stop. */
  public synchronized void restart() {
    if (!child.isRunning()) {
      child = ChildProcess.start(launch);
      awaitReady();
    }
  }

  /** Fast shutdown: running transactions are ended, everything committed is on disk. */
  public synchronized void stop() {
    child.stop("INT", STOP_LIMIT);
  }

  @Override
  public void close() {
    stop();
  }

  /** Returns once it answers a query; throws with its last words if it ends before. */
  public synchronized void awaitReady() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    SQLException last = null;
    while (System.nanoTime() - end < 0) {
      if (!child.isRunning() && !restartedAfterStaleMemory()) {
        throw new PartsException("PostgreSQL ended while starting: " + child.logTail());
      }
      try (Connection connection = superuser().connect()) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        last = e;
        if ("28P01".equals(e.getSQLState())) {
          break;
        }
      }
      ChildProcess.pause(POLL);
    }
    String message = last == null ? "no answer" : last.getMessage();
    child.kill();
    throw new PartsException("PostgreSQL on port " + settings.port() + ": " + message, last);
  }

  /** After a SIGKILL its children may need a moment to see that their parent is gone. */
  private boolean restartedAfterStaleMemory() {
    if (!child.logTail().contains("pre-existing shared memory block")) {
      return false;
    }
    ChildProcess.pause(Duration.ofMillis(200));
    child = ChildProcess.start(launch);
    return true;
  }
}
