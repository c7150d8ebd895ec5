package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.JournalException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A table with a row for each of some tenants, over a connection that lives as long as one call.
 */
final class TenantRows {

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  TenantRows(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  /**
   * One guarded statement, in a transaction of its own.
   *
   * @return how many rows it changed
   * @throws JournalException.EpochLost another replica holds the cell
   */
  long change(long epoch, String sql, GuardedWork.Binding binding) {
    return change(epoch, work -> work.update(sql, binding));
  }

  /** Several, all of them or none. */
  long change(long epoch, Changes changes) {
    try (Connection connection = Sessions.journal(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      return work.transaction(() -> changes.run(work));
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  /** What is changed in one transaction; returns how many rows. */
  @FunctionalInterface
  interface Changes {
    long run(GuardedWork work) throws SQLException;
  }

  /**
   * The tenant's row; empty if it has none.
   *
   * @param sql with one parameter, the tenant
   */
  <T> Optional<T> of(String tenant, String sql, GuardedWork.Row<T> row) {
    try (Connection connection = Sessions.journal(database);
        PreparedStatement query = connection.prepareStatement(sql)) {
      new Params(query).text(tenant);
      try (ResultSet found = query.executeQuery()) {
        return found.next() ? Optional.of(row.read(found)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }
}
