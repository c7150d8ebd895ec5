package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.BudgetBook;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Budgets in their table; what was spent of them, from the attempts' own. */
public final class PgBudgetBook implements BudgetBook {
  private static final String PUT =
      "INSERT INTO tenant_budget (tenant, micros, currency, author, updated)"
          + " VALUES (?, ?, ?, ?, now()) ON CONFLICT (tenant) DO UPDATE SET"
          + " micros = excluded.micros, currency = excluded.currency, author = excluded.author,"
          + " updated = now()";
  private static final String REMOVE = "DELETE FROM tenant_budget WHERE tenant = ?";

  private static final String OF = "SELECT micros, currency FROM tenant_budget WHERE tenant = ?";

  private final LeaseDatabase database;
  private final TenantRows rows;

  public PgBudgetBook(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.rows = new TenantRows(database, cell, role);
  }

  @Override
  public void put(long epoch, TenantBudget budget, String author) {
    rows.change(
        epoch,
        PUT,
        params ->
            params
                .text(budget.tenant())
                .number(budget.daily().micros())
                .text(budget.daily().currency())
                .text(author));
  }

  @Override
  public boolean remove(long epoch, String tenant) {
    return rows.change(epoch, REMOVE, params -> params.text(tenant)) > 0;
  }

  @Override
  public Optional<TenantBudget> of(String tenant) {
    return rows.of(
        tenant, OF, row -> new TenantBudget(tenant, new Budget(row.getLong(1), row.getString(2))));
  }

  @Override
  public Charge spent(UncountedDay day) {
    try (Connection connection = Sessions.background(database);
        PreparedStatement query = connection.prepareStatement(CostSql.ENDED)) {
      Params params = new Params(query).time(day.begin());
      TaskId end = StoredCosts.before(day.until());
      for (TaskId low : List.of(StoredCosts.openSince(day.begin()), StoredCosts.FIRST)) {
        params.text(day.tenant()).id(low).text(day.tenant()).id(end);
      }
      params.time(day.begin()).time(day.until()).text(day.currency());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return new Charge(row.getBigDecimal(1).toBigIntegerExact());
      }
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }
}
