package dev.weft.scaler.store;

import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.InstanceId;
import dev.weft.scaler.domain.pool.InstanceState;
import dev.weft.scaler.domain.pool.InstanceState.Draining;
import dev.weft.scaler.domain.pool.InstanceState.Ended;
import dev.weft.scaler.domain.pool.InstanceState.Running;
import dev.weft.scaler.domain.pool.InstanceState.SetAside;
import dev.weft.scaler.domain.pool.InstanceState.Starting;
import dev.weft.scaler.domain.pool.InstanceState.Stopping;
import dev.weft.scaler.domain.pool.PoolName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An instance as a row. */
final class InstanceRow {

  static final String UPSERT =
      """
      INSERT INTO instance (id, cell, pool, worker, worker_id, handle, born_at, state, since, until, detail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET worker_id = excluded.worker_id, handle = excluded.handle,
        state = excluded.state, since = excluded.since, until = excluded.until, detail = excluded.detail""";

  static final String SELECT_LIVE =
      """
      SELECT id, pool, worker, worker_id, handle, born_at, state, since, until, detail
      FROM instance WHERE cell = ? AND state <> 'ENDED' ORDER BY born_at, id""";

  private InstanceRow() {}

  static void bind(PreparedStatement statement, int cell, Instance one) throws SQLException {
    statement.setString(1, one.id().text());
    statement.setInt(2, cell);
    statement.setString(3, one.pool().text());
    statement.setString(4, one.worker());
    statement.setString(5, one.workerId());
    statement.setString(6, one.handle());
    statement.setObject(7, column(one.born()));
    statement.setString(8, word(one.state()));
    statement.setObject(9, column(one.state().since()));
    Instant until = until(one.state());
    statement.setObject(10, until == null ? null : column(until));
    statement.setString(11, one.state().detail());
  }

  static Instance read(ResultSet row) throws SQLException {
    return new Instance(
        new InstanceId(row.getString("id")),
        new PoolName(row.getString("pool")),
        row.getString("worker"),
        row.getString("worker_id"),
        row.getString("handle"),
        instant(row, "born_at"),
        state(row));
  }

  static OffsetDateTime column(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class), column).toInstant();
  }

  private static InstanceState state(ResultSet row) throws SQLException {
    Instant since = instant(row, "since");
    String detail = row.getString("detail");
    String word = row.getString("state");
    return switch (word) {
      case "STARTING" -> new Starting(since, detail);
      case "RUNNING" -> new Running(since, detail);
      case "SET_ASIDE" -> new SetAside(since, detail);
      case "DRAINING" -> new Draining(since, instant(row, "until"), detail);
      case "STOPPING" -> new Stopping(since, instant(row, "until"), detail);
      case "ENDED" -> new Ended(since, detail);
      default -> throw new IllegalStateException("a stored instance's state: " + word);
    };
  }

  private static String word(InstanceState state) {
    return switch (state) {
      case Starting _ -> "STARTING";
      case Running _ -> "RUNNING";
      case SetAside _ -> "SET_ASIDE";
      case Draining _ -> "DRAINING";
      case Stopping _ -> "STOPPING";
      case Ended _ -> "ENDED";
    };
  }

  private static @Nullable Instant until(InstanceState state) {
    return switch (state) {
      case Draining draining -> draining.deadline();
      case Stopping stopping -> stopping.killAt();
      case Starting _, Running _, SetAside _, Ended _ -> null;
    };
  }
}
