package dev.weft.bench;

import dev.weft.parts.Binary;
import dev.weft.parts.BinaryFinder;
import dev.weft.parts.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's own measuring programs, where they lie beside the server. */
final class PgBench {

  private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
  private static final Pattern FDATASYNC = Pattern.compile("fdatasync +([0-9.]+) ops/sec");

  /** A task's life as pgbench's scripts, a commit for each statement; 1 KB a spec. */
  private static final String INSERT =
      """
      \\set n :n + 1
      \\set id :client_id * 1000000000 + :n
      WITH s AS (INSERT INTO spec VALUES (:id, now(), 'local', '%s'::bytea))
      INSERT INTO hot VALUES (:id, NULL, :id, 0, 0, now(), NULL, 0, 1, 'local');
      """
          .formatted("x".repeat(TaskClient.PAYLOAD_BYTES));

  private static final String LIFE =
      INSERT
          + """
          UPDATE hot SET state = 2, attempt = 1, fence = fence + 1, started = now(), updated = now()
          WHERE id = :id;
          UPDATE hot SET state = 5, updated = now(), last_commit = last_commit + 1 WHERE id = :id;
          """;

  private final Binary postgres;

  PgBench() {
    this.postgres = new BinaryFinder(System.getenv()).require(Tool.POSTGRES);
  }

  /**
   * Flushes of 8 KB per second, in the folder of the mesh's own data; empty without the program.
   */
  Optional<Double> fdatasync(Path data, int seconds) throws IOException {
    Path file = data.resolve("weft-bench-fsync");
    try {
      return beside("pg_test_fsync")
          .map(
              program ->
                  List.of(
                      program.toString(), "-f", file.toString(), "-s", Integer.toString(seconds)))
          .flatMap(command -> find(command, "", FDATASYNC));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Inserts of one row per second, each with a commit; empty without the program. */
  Optional<Double> inserts(Scratch scratch, int clients, int seconds)
      throws IOException, SQLException {
    return pgbench(scratch, INSERT, clients, seconds);
  }

  /** Whole lives of one row per second, three commits each; empty without the program. */
  Optional<Double> lives(Scratch scratch, int clients, int seconds)
      throws IOException, SQLException {
    return pgbench(scratch, LIFE, clients, seconds);
  }

  private Optional<Double> pgbench(Scratch scratch, String script, int clients, int seconds)
      throws IOException, SQLException {
    Optional<Path> program = beside("pgbench");
    if (program.isEmpty()) {
      return Optional.empty();
    }
    scratch.empty();
    Path file = Files.createTempFile("weft-bench-", ".sql");
    try {
      Files.writeString(file, script);
      Database database = scratch.database();
      List<String> command = new ArrayList<>(List.of(program.get().toString(), "-n", "-D", "n=0"));
      command.addAll(List.of("-M", "prepared", "-f", file.toString()));
      command.addAll(List.of("-c", Integer.toString(clients), "-j", clients > 1 ? "2" : "1"));
      command.addAll(List.of("-T", Integer.toString(seconds), "-h", database.host()));
      command.addAll(List.of("-p", Integer.toString(database.port()), "-U", "postgres"));
      command.add(Scratch.NAME);
      return find(command, database.password(), TPS);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Optional<Path> beside(String program) {
    return Optional.of(postgres.sibling(program)).filter(Files::isExecutable);
  }

  private Optional<Double> find(List<String> command, String password, Pattern wanted) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(postgres.environment());
    builder.environment().put("PGPASSWORD", password);
    try {
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      Matcher matcher = wanted.matcher(said);
      if (code != 0 || !matcher.find()) {
        throw new BenchFailure(command.getFirst() + ": exit code " + code + ": " + said);
      }
      return Optional.of(Double.valueOf(matcher.group(1)));
    } catch (IOException e) {
      throw new BenchFailure(command.getFirst() + ": " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailure(command.getFirst() + ": interrupted");
    }
  }
}
