package dev.weft.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** What this machine can do at all in this minute: flushes, commits, messages. */
final class Limits implements Benchmark {

  private static final int CROWD = 64;
  private static final int ROWS = 100;

  private final LoadOptions options;

  Limits(LoadOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return "limits";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    flushes(Database.of(mesh).data(), report);
    try (Scratch scratch = Scratch.open(mesh)) {
      for (int clients : new int[] {1, CROWD}) {
        rows(scratch, clients, report);
      }
    }
    try (Ping plain = Ping.plain()) {
      messages("plaintext", plain, report);
    }
    try (Ping tls = Ping.mutualTls(mesh)) {
      messages("TLS on both sides", tls, report);
    }
  }

  private void flushes(Path data, Report report) throws Exception {
    Optional<Double> measured = new PgBench().fdatasync(data, Math.min(5, options.limitSeconds));
    if (measured.isPresent()) {
      report.add("fdatasync", measured.get(), "/s", "pg_test_fsync in the data directory");
    } else {
      report.add(
          "fdatasync",
          Fdatasync.rate(data, options.limitSeconds),
          "/s",
          "no pg_test_fsync here: 8 KB by a loop of our own in the data directory");
    }
  }

  private void rows(Scratch scratch, int clients, Report report) throws Exception {
    PgBench pgbench = new PgBench();
    String who = ", " + clients + (clients == 1 ? " client" : " clients");
    Optional<Double> inserts = pgbench.inserts(scratch, clients, options.limitSeconds);
    if (inserts.isPresent()) {
      report.add("insert, 1 row a commit" + who, inserts.get(), "/s", "pgbench");
      double lives = pgbench.lives(scratch, clients, options.limitSeconds).orElseThrow();
      report.add("insert + claim + complete, 1 row" + who, lives, "/s", "pgbench, 3 commits each");
    } else {
      scratch.empty();
      statements(new Statements(scratch, 1, clients), "1 row a commit" + who, report);
    }
    scratch.empty();
    statements(new Statements(scratch, ROWS, clients), ROWS + " rows a commit" + who, report);
  }

  private void statements(Statements statements, String what, Report report)
      throws InterruptedException, ExecutionException, SQLException {
    for (Statements.Kind kind : Statements.Kind.values()) {
      double rate = statements.rate(kind, options.limitSeconds);
      String name = kind.name().toLowerCase(java.util.Locale.ROOT);
      report.add(name + ", " + what, rate, " rows/s", "arrays, JDBC");
    }
  }

  private void messages(String how, Ping ping, Report report) throws InterruptedException {
    int seconds = options.limitSeconds;
    String both = "client and server";
    report.add("gRPC unary, 64 at once, " + how, ping.unary(CROWD, seconds), "/s", both);
    report.add("gRPC stream, window of 64, " + how, ping.stream(CROWD, seconds), "/s", both);
    double micros = ping.roundTrips(seconds * 1_000).getValueAtPercentile(50) / 1e3;
    report.add("gRPC stream, there and back, " + how, micros, " µs", "one at a time, median");
  }
}
