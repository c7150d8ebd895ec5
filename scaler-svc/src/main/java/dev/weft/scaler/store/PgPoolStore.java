package dev.weft.scaler.store;

import dev.weft.platform.lease.CellFence;
import dev.weft.scaler.app.PoolStore;
import dev.weft.scaler.app.SaveOutcome;
import dev.weft.scaler.app.ScalingAction;
import dev.weft.scaler.app.StoreException;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.PoolName;
import dev.weft.scaler.domain.pool.Restarts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Pools in PostgreSQL; every write is a transaction that starts with the cell's guard. */
public final class PgPoolStore implements PoolStore {

  private static final String SELECT_POOLS =
      """
      SELECT p.name, p.desired, p.configured, p.revision, p.fast_deaths, p.last_fast_death,
             a.kind, a.worker, a.reason, a.acted_at
      FROM pool p LEFT JOIN LATERAL (
        SELECT kind, worker, reason, acted_at FROM scaling_action
        WHERE cell = p.cell AND pool = p.name ORDER BY id DESC LIMIT 1) a ON true
      WHERE p.cell = ? ORDER BY p.name""";

  private static final String UPSERT_POOL =
      """
      INSERT INTO pool (cell, name, desired, configured, revision, fast_deaths, last_fast_death)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (cell, name) DO UPDATE SET desired = excluded.desired, configured = excluded.configured,
        revision = excluded.revision, fast_deaths = excluded.fast_deaths,
        last_fast_death = excluded.last_fast_death""";

  private static final String INSERT_ACTION =
      """
      INSERT INTO scaling_action (cell, pool, kind, worker, reason, acted_at) VALUES (?, ?, ?, ?, ?, ?)""";

  private static final String FORGET_ACTIONS =
      """
      DELETE FROM scaling_action WHERE id IN (
        SELECT id FROM scaling_action
        WHERE cell = ? AND acted_at < now() - make_interval(secs => ?) LIMIT ?)""";

  private static final String FORGET_INSTANCES =
      """
      DELETE FROM instance WHERE id IN (
        SELECT id FROM instance
        WHERE cell = ? AND state = 'ENDED' AND since < now() - make_interval(secs => ?) LIMIT ?)""";

  private final DataSource database;
  private final int cell;
  private final String role;

  /**
   * @param role in the cell's lease
   */
  public PgPoolStore(DataSource database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public Loaded load() {
    try (Connection connection = database.getConnection()) {
      CellFence.settle(connection, cell, role);
      return new Loaded(now(connection), pools(connection), instances(connection));
    } catch (SQLException e) {
      throw new StoreException("pools can't be read", e);
    }
  }

  private static Instant now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp() AS now")) {
      row.next();
      return InstanceRow.instant(row, "now");
    }
  }

  private List<StoredPool> pools(Connection connection) throws SQLException {
    List<StoredPool> pools = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SELECT_POOLS)) {
      statement.setInt(1, cell);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          pools.add(pool(row));
        }
      }
    }
    return pools;
  }

  private static StoredPool pool(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    Optional<ScalingAction> last =
        kind == null
            ? Optional.empty()
            : Optional.of(
                new ScalingAction(
                    InstanceRow.instant(row, "acted_at"),
                    kind,
                    row.getString("worker"),
                    row.getString("reason")));
    return new StoredPool(
        new PoolName(row.getString("name")),
        row.getInt("desired"),
        row.getInt("configured"),
        row.getLong("revision"),
        new Restarts(row.getInt("fast_deaths"), InstanceRow.instant(row, "last_fast_death")),
        last);
  }

  private List<Instance> instances(Connection connection) throws SQLException {
    List<Instance> instances = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(InstanceRow.SELECT_LIVE)) {
      statement.setInt(1, cell);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          instances.add(InstanceRow.read(row));
        }
      }
    }
    return instances;
  }

  @Override
  public SaveOutcome save(long epoch, Change change) {
    return guarded(
            epoch,
            connection -> {
              savePool(connection, change.pool());
              saveInstances(connection, change.instances());
              saveActions(connection, change);
              return 1;
            })
        .map(_ -> SaveOutcome.SAVED)
        .orElse(SaveOutcome.EPOCH_OVER);
  }

  @Override
  public int forget(long epoch, Duration age, int most) {
    return guarded(
            epoch,
            connection ->
                Math.max(
                    delete(connection, FORGET_ACTIONS, age, most),
                    delete(connection, FORGET_INSTANCES, age, most)))
        .orElse(0);
  }

  /** Empty if the epoch is over. */
  private Optional<Integer> guarded(long epoch, Work work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        guard(connection, epoch);
        int result = work.run(connection);
        connection.commit();
        return Optional.of(result);
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      if (CellFence.refused(e)) {
        return Optional.empty();
      }
      throw new StoreException("pools can't be written", e);
    }
  }

  /** Its own statement, the first of the transaction, so that it sees the epoch under the lock. */
  private void guard(Connection connection, long epoch) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT guard(?, ?, ?)")) {
      statement.setInt(1, cell);
      statement.setString(2, role);
      statement.setLong(3, epoch);
      statement.execute();
    }
  }

  private void savePool(Connection connection, StoredPool pool) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(UPSERT_POOL)) {
      statement.setInt(1, cell);
      statement.setString(2, pool.name().text());
      statement.setInt(3, pool.desired());
      statement.setInt(4, pool.configured());
      statement.setLong(5, pool.revision());
      statement.setInt(6, pool.restarts().fastDeaths());
      statement.setObject(7, InstanceRow.column(pool.restarts().last()));
      statement.executeUpdate();
    }
  }

  private void saveInstances(Connection connection, List<Instance> instances) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(InstanceRow.UPSERT)) {
      for (Instance one : instances) {
        InstanceRow.bind(statement, cell, one);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void saveActions(Connection connection, Change change) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT_ACTION)) {
      for (ScalingAction action : change.actions()) {
        statement.setInt(1, cell);
        statement.setString(2, change.pool().name().text());
        statement.setString(3, action.kind());
        statement.setString(4, action.worker());
        statement.setString(5, action.reason());
        statement.setObject(6, InstanceRow.column(action.time()));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private int delete(Connection connection, String sql, Duration age, int most)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, cell);
      statement.setDouble(2, (double) age.toSeconds());
      statement.setInt(3, most);
      return statement.executeUpdate();
    }
  }

  /** What a guarded transaction does. */
  @FunctionalInterface
  private interface Work {
    int run(Connection connection) throws SQLException;
  }
}
