package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.TierBook;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Tiers over a connection that lives as long as one call. */
public final class PgTierBook implements TierBook {
  static final String ALL = "SELECT tenant, tier, instances FROM tenant_tier";

  private static final String PUT =
      "INSERT INTO tenant_tier (tenant, tier, instances, author, updated)"
          + " VALUES (?, ?, ?, ?, now()) ON CONFLICT (tenant) DO UPDATE SET"
          + " tier = excluded.tier, instances = excluded.instances, author = excluded.author,"
          + " updated = now()";
  private static final String REMOVE = "DELETE FROM tenant_tier WHERE tenant = ?";

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgTierBook(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public void put(long epoch, TenantTier tier, String author) {
    change(
        epoch,
        PUT,
        params ->
            params
                .text(tier.tenant())
                .text(tier.tier().name())
                .integer(tier.instances())
                .text(author));
  }

  @Override
  public boolean remove(long epoch, String tenant) {
    return change(epoch, REMOVE, params -> params.text(tenant)) > 0;
  }

  @Override
  public Optional<TenantTier> of(String tenant) {
    try (Connection connection = Sessions.journal(database);
        PreparedStatement query = connection.prepareStatement(ALL + " WHERE tenant = ?")) {
      new Params(query).text(tenant);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(tier(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  static TenantTier tier(ResultSet row) throws SQLException {
    return new TenantTier(row.getString(1), Tier.valueOf(row.getString(2)), row.getInt(3));
  }

  private long change(long epoch, String sql, GuardedWork.Binding binding) {
    try (Connection connection = Sessions.journal(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      return work.transaction(() -> work.update(sql, binding));
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }
}
