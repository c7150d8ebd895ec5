package dev.weft.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;

/**
 * The three statements of a task's life, a commit each: insert, claim, complete. One row or as many
 * at once as are given, as arrays, which is how the placer writes them.
 */
final class Statements {

  /** In the order of a task's life, so that each finds the rows of the one before. */
  enum Kind {
    INSERT(
        "WITH s AS (INSERT INTO spec SELECT id, now(), 'local', spec"
            + " FROM unnest(?::bigint[], ?::bytea[]) AS i(id, spec))"
            + " INSERT INTO hot SELECT id, NULL, id, 0, 0, now(), NULL, 0, 1, 'local'"
            + " FROM unnest(?::bigint[]) AS i(id)"),
    CLAIM(
        "UPDATE hot SET state = 2, attempt = 1, fence = fence + 1, started = now(), updated = now()"
            + " FROM unnest(?::bigint[]) AS i(id) WHERE hot.id = i.id"),
    COMPLETE(
        "UPDATE hot SET state = 5, updated = now(), last_commit = last_commit + 1"
            + " FROM unnest(?::bigint[]) AS i(id) WHERE hot.id = i.id");

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }
  }

  private final Scratch scratch;
  private final int rows;
  private final int clients;
  private final AtomicLong nextId = new AtomicLong();
  private final byte[][] payloads;

  Statements(Scratch scratch, int rows, int clients) {
    this.scratch = scratch;
    this.rows = rows;
    this.clients = clients;
    this.payloads = new byte[rows][TaskClient.PAYLOAD_BYTES];
  }

  /** Rows per second, every commit flushed. Claims and completions walk over what was inserted. */
  double rate(Kind kind, int seconds)
      throws InterruptedException, ExecutionException, SQLException {
    long inserted = nextId.get();
    AtomicLong from = kind == Kind.INSERT ? nextId : new AtomicLong();
    long most = kind == Kind.INSERT ? Long.MAX_VALUE : inserted;
    AtomicLong done = new AtomicLong();
    List<Connection> connections = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int i = 0; i < clients; i++) {
        connections.add(prepared(scratch.connect()));
      }
      long begun = System.nanoTime();
      long end = begun + TimeUnit.SECONDS.toNanos(seconds);
      List<Future<?>> all = new ArrayList<>();
      for (Connection connection : connections) {
        all.add(
            threads.submit(
                () -> {
                  loop(connection, kind, from, most, end, done);
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return done.get() / ((System.nanoTime() - begun) / 1e9);
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private void loop(
      Connection connection, Kind kind, AtomicLong from, long most, long end, AtomicLong done)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(kind.sql)) {
      while (System.nanoTime() < end) {
        long first = from.getAndAdd(rows);
        if (first + rows > most) {
          return;
        }
        long[] ids = new long[rows];
        Arrays.setAll(ids, i -> first + i);
        Array keys = connection.unwrap(PGConnection.class).createArrayOf("int8", ids);
        statement.setArray(1, keys);
        if (kind == Kind.INSERT) {
          statement.setArray(2, connection.createArrayOf("bytea", payloads));
          statement.setArray(3, keys);
        }
        statement.executeUpdate();
        done.addAndGet(rows);
      }
    }
  }

  /** As the placer's: no plan for a table that looks empty. */
  private static Connection prepared(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
              + " SET plan_cache_mode = force_generic_plan");
    }
    return connection;
  }
}
