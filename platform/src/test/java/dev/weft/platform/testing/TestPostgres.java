package dev.weft.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL of its own directory and port for one test class; can be killed and started again. Passwords are
 * not checked. The superuser is {@value #USER}.
 */
public final class TestPostgres implements AutoCloseable {
  public static final String HOST = "127.0.0.1";
  public static final String DATABASE = "weft";
  public static final String USER = "weft";
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final int port;
  private final List<String> settings;
  private @Nullable Process server;

  private TestPostgres(Path directory, int port, List<String> settings) {
    this.directory = directory;
    this.port = port;
    this.settings = settings;
  }

  /**
   * Makes and starts a server.
   *
   * @param settings such as {@code fsync=on}; by default it doesn't flush, which outlives a killed server all the same
   */
  public static TestPostgres start(String... settings) {
    try {
      Path directory = Files.createTempDirectory("weft-pg-");
      if (root()) {
        run(List.of("chown", "postgres", directory.toString()));
      }
      run(asUser(List.of(binary("initdb"), "-D", directory + "/data", "-U", USER, "-A", "trust", "-N", "-E", "UTF8")));
      List<String> all = new ArrayList<>(List.of("fsync=off", "max_connections=100", "shared_buffers=64MB"));
      all.addAll(List.of(settings));
      TestPostgres postgres = new TestPostgres(directory, freePort(), all);
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
      postgres.up();
      try (Connection connection = postgres.connect("postgres")) {
        connection.createStatement().execute("CREATE DATABASE " + DATABASE);
      }
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public int port() {
    return port;
  }

  /** A connection to the test database whose {@code search_path} is this schema. */
  public Connection open(String schema) throws SQLException {
    Connection connection = connect(DATABASE);
    connection.setSchema(schema);
    return connection;
  }

  /** Runs statements in the test database. */
  public void execute(String schema, String sql) {
    try (Connection connection = open(schema);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Kills all sessions as a crash does ({@code pg_ctl stop -m immediate}). */
  public synchronized void crash() {
    signal("QUIT");
  }

  /** Starts it again after {@link #crash}. */
  public synchronized void up() throws IOException {
    List<String> command = new ArrayList<>(List.of(binary("postgres"), "-D", directory + "/data", "-p", "" + port));
    command.addAll(List.of("-c", "listen_addresses=" + HOST, "-c", "unix_socket_directories="));
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    server =
        new ProcessBuilder(asUser(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        connect("postgres").close();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > end || !server.isAlive()) {
          throw new IOException("postgres does not start: " + Files.readString(directory.resolve("log")), e);
        }
        pause();
      }
    }
  }

  @Override
  public synchronized void close() {
    signal("QUIT");
    try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name) {
    Process running = server;
    server = null;
    if (running == null || !running.isAlive()) {
      return;
    }
    try {
      run(List.of("kill", "-" + name, "" + running.pid()));
      if (!running.waitFor(10, TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://" + HOST + ":" + port + "/" + database, USER, "");
  }

  private static String binary(String name) throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .map(version -> version.resolve("bin").resolve(name))
          .filter(Files::isExecutable)
          .max(Path::compareTo)
          .orElseThrow(() -> new IOException(name + ": not in /usr/lib/postgresql"))
          .toString();
    }
  }

  private static List<String> asUser(List<String> command) {
    if (!root()) {
      return command;
    }
    List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
    all.addAll(command);
    return all;
  }

  private static boolean root() {
    return Objects.equals(System.getProperty("user.name"), "root");
  }

  private static void run(List<String> command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).directory(Path.of("/").toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
