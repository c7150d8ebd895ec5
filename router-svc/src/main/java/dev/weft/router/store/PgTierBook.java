package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.TierBook;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.limit.Tier;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Tiers in their table. */
public final class PgTierBook implements TierBook {
  static final String ALL = "SELECT tenant, tier, instances FROM tenant_tier";

  private static final String PUT =
      "INSERT INTO tenant_tier (tenant, tier, instances, author, updated)"
          + " VALUES (?, ?, ?, ?, now()) ON CONFLICT (tenant) DO UPDATE SET"
          + " tier = excluded.tier, instances = excluded.instances, author = excluded.author,"
          + " updated = now()";
  private static final String REMOVE = "DELETE FROM tenant_tier WHERE tenant = ?";

  private static final String OF = ALL + " WHERE tenant = ?";

  private final TenantRows rows;

  public PgTierBook(LeaseDatabase database, int cell, String role) {
    this.rows = new TenantRows(database, cell, role);
  }

  @Override
  public void put(long epoch, TenantTier tier, String author) {
    rows.change(
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
    return rows.change(epoch, REMOVE, params -> params.text(tenant)) > 0;
  }

  @Override
  public Optional<TenantTier> of(String tenant) {
    return rows.of(tenant, OF, PgTierBook::tier);
  }

  static TenantTier tier(ResultSet row) throws SQLException {
    return new TenantTier(row.getString(1), Tier.valueOf(row.getString(2)), row.getInt(3));
  }
}
