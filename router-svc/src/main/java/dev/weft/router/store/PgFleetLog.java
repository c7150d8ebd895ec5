package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.FleetChange;
import dev.weft.router.app.FleetLog;
import dev.weft.router.domain.replay.FleetEvent.Presence;
import dev.weft.router.domain.replay.FleetWorkerCodec;
import dev.weft.router.domain.task.WorkerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The fleet's history, over a connection that lives as long as one call. */
public final class PgFleetLog implements FleetLog {
  private static final String APPEND =
      """
      INSERT INTO worker_history (at, worker, day, presence, profile)
      SELECT now() - u.ago * interval '1 microsecond', u.worker,
        ((now() - u.ago * interval '1 microsecond') AT TIME ZONE 'UTC')::date, ?::smallint, ?::bytea
      FROM (SELECT ?::bigint AS ago, ?::uuid AS worker) AS u ON CONFLICT DO NOTHING
      """;
  private static final String THERE =
      """
      SELECT DISTINCT ON (worker) worker, presence FROM worker_history
      WHERE day >= (now() AT TIME ZONE 'UTC')::date - 1 ORDER BY worker, at DESC
      """;

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgFleetLog(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public Set<WorkerId> there() {
    try (Connection connection = Sessions.background(database);
        PreparedStatement query = connection.prepareStatement(THERE);
        ResultSet rows = query.executeQuery()) {
      Set<WorkerId> there = new HashSet<>();
      while (rows.next()) {
        if (Presence.of(rows.getInt(2)) != Presence.GONE) {
          there.add(new WorkerId(rows.getObject(1, UUID.class)));
        }
      }
      return there;
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  @Override
  public void append(long epoch, List<FleetChange> changes) {
    try (Connection connection = Sessions.background(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      work.transaction(
          () -> {
            try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
              for (FleetChange change : changes) {
                bind(statement, change);
                statement.addBatch();
              }
              return statement.executeBatch().length;
            }
          });
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static void bind(PreparedStatement statement, FleetChange change) throws SQLException {
    statement.setShort(1, (short) change.presence().code());
    statement.setBytes(
        2, change.profile() == null ? null : FleetWorkerCodec.encode(change.profile()).bytes());
    statement.setLong(3, change.ago().toNanos() / 1_000);
    statement.setObject(4, change.worker().uuid());
  }
}
