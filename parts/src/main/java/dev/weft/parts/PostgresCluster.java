package dev.weft.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of one cluster: where they may lie, made once, configured anew at every start. */
final class PostgresCluster {
  /** A Unix socket's path holds at most 107 bytes; the file name takes some. */
  private static final int SOCKET_PATH_LIMIT = 80;

  /** Its first line says where the data lies, if not beside it. */
  private static final String LOCATION = "LOCATION";

  private static final Path ELSEWHERE = Path.of("/var/lib/weft");

  private final PostgresSettings settings;
  private final Binary postgres;
  private final Optional<Account> account;

  PostgresCluster(PostgresSettings settings, Binary postgres) {
    this.settings = settings;
    this.postgres = postgres;
    this.account = Account.unprivilegedIfRoot();
  }

  Optional<Account> account() {
    return account;
  }

  /**
   * Makes the cluster unless it is there, writes its configuration, and returns its data directory.
   */
  Path prepare() {
    try {
      Files.createDirectories(settings.directory());
      Path base = base();
      Path data = base.resolve("data");
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialise(base, data);
      }
      checkVersion(data);
      write(data.resolve("postgresql.conf"), configuration(data));
      write(
          data.resolve("pg_hba.conf"),
          """
          local all all scram-sha-256
          host all all 127.0.0.1/32 scram-sha-256
          """);
      return data;
    } catch (IOException e) {
      throw new PartsException("PostgreSQL in " + settings.directory() + ": " + e.getMessage(), e);
    }
  }

  /** What a child of PostgreSQL sees of our environment: nothing but this. */
  Map<String, String> environment() {
    return Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "LC_ALL", "C", "TZ", "UTC");
  }

  /**
   * The settings' folder; when the account can't enter it, a folder under /var/lib, named after it.
   * A file in the settings' folder tells where.
   */
  private Path base() throws IOException {
    Path wanted = settings.directory();
    if (account.isEmpty() || account.get().canEnter(wanted)) {
      return wanted;
    }
    Path base = ELSEWHERE.resolve("pg-" + shortHash(wanted.toString()));
    Files.createDirectories(base);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        wanted.resolve(LOCATION),
        base + "\n# The account " + account.get().name() + " can't enter " + wanted + ".\n");
    return base;
  }

  /** Deletes a stopped cluster's data; a cluster that isn't there is fine. */
  static void delete(Path directory) {
    Path pointer = directory.resolve(LOCATION);
    try {
      if (Files.exists(pointer)) {
        Path base = Path.of(Files.readString(pointer).lines().findFirst().orElse("")).normalize();
        if (ELSEWHERE.equals(base.getParent())) {
          CacheDirectory.deleteTree(base);
        }
      }
      CacheDirectory.deleteTree(directory.resolve("data"));
      Files.deleteIfExists(pointer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialise(Path base, Path data) throws IOException {
    Path fresh = base.resolve("data.new");
    CacheDirectory.deleteTree(fresh);
    Files.createDirectory(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path passwordFile = Files.createTempFile(base, "init", ".tmp");
    try {
      Files.writeString(passwordFile, settings.superuserPassword() + "\n");
      account.ifPresent(
          owner -> {
            owner.own(fresh);
            owner.own(passwordFile);
          });
      CommandResult result = CommandResult.run(initdb(fresh, passwordFile), base, environment());
      if (!result.succeeded()) {
        throw new IOException("initdb ended with " + result.exitCode() + ": " + result.output());
      }
    } finally {
      Files.deleteIfExists(passwordFile);
    }
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> initdb(Path data, Path passwordFile) {
    List<String> command =
        new ArrayList<>(
            List.of(
                postgres.sibling("initdb").toString(),
                "--pgdata=" + data,
                "--username=postgres",
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C"));
    if (settings.lifetime() == Lifetime.OWNER) {
      command.add("--no-sync"); // A throw-away cluster; the server itself always flushes.
    }
    return account.map(owner -> owner.wrap(command)).orElse(command);
  }

  private void checkVersion(Path data) throws IOException {
    String made = Files.readString(data.resolve("PG_VERSION")).strip();
    String program = postgres.version();
    if (!program.contains(" " + made + ".") && !program.endsWith(" " + made)) {
      throw new IOException(
          "data of PostgreSQL %s, but the program is %s (expected: the same major version)"
              .formatted(made, program));
    }
  }

  private String configuration(Path data) {
    String socket = data.toString().length() <= SOCKET_PATH_LIMIT ? data.toString() : "";
    return """
        # Written at every start of the local mesh.
        listen_addresses = '127.0.0.1'
        port = %d
        unix_socket_directories = '%s'
        max_connections = 100
        password_encryption = scram-sha-256
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        wal_level = minimal
        max_wal_senders = 0
        max_wal_size = 256MB
        shared_buffers = 32MB
        huge_pages = off
        jit = off
        max_worker_processes = 4
        max_parallel_workers_per_gather = 0
        autovacuum_max_workers = 2
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        log_min_messages = warning
        log_error_verbosity = terse
        log_line_prefix = '%%m %%u '
        """
        .formatted(settings.port(), socket.replace("'", "''"));
  }

  private void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    account.ifPresent(owner -> owner.own(file));
  }

  private static String shortHash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
