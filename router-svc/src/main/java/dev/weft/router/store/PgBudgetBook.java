package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.BudgetBook;
import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.DaySpent;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.UncountedDay;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Budgets in their table; what was spent of them, from the attempts' own. */
public final class PgBudgetBook implements BudgetBook {
  private static final String PUT =
      "INSERT INTO tenant_budget (tenant, micros, currency, author, updated)"
          + " VALUES (?, ?, ?, ?, now()) ON CONFLICT (tenant) DO UPDATE SET"
          + " micros = excluded.micros, currency = excluded.currency, author = excluded.author,"
          + " updated = now()";
  private static final String PUT_TOKENS =
      "INSERT INTO tenant_token_budget (tenant, tokens, author, updated) VALUES (?, ?, ?, now()) ON"
          + " CONFLICT (tenant) DO UPDATE SET tokens = excluded.tokens, author = excluded.author,"
          + " updated = now()";
  private static final String REMOVE = "DELETE FROM tenant_budget WHERE tenant = ?";
  private static final String REMOVE_TOKENS = "DELETE FROM tenant_token_budget WHERE tenant = ?";

  /** Tenant, amount, currency and tokens of every budget. */
  static final String ALL =
      "SELECT coalesce(m.tenant, t.tenant) AS tenant, coalesce(m.micros, 0),"
          + " coalesce(m.currency, ''), coalesce(t.tokens, 0)"
          + " FROM tenant_budget AS m FULL JOIN tenant_token_budget AS t ON t.tenant = m.tenant";

  private static final String OF = ALL + " WHERE coalesce(m.tenant, t.tenant) = ?";

  private final LeaseDatabase database;
  private final TenantRows rows;

  public PgBudgetBook(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.rows = new TenantRows(database, cell, role);
  }

  @Override
  public void put(long epoch, TenantBudget budget, String author) {
    rows.change(epoch, work -> putMoney(work, budget, author) + putTokens(work, budget, author));
  }

  private static long putMoney(GuardedWork work, TenantBudget budget, String author)
      throws SQLException {
    if (!budget.daily().isSet()) {
      return work.update(REMOVE, params -> params.text(budget.tenant()));
    }
    return work.update(
        PUT,
        params ->
            params
                .text(budget.tenant())
                .number(budget.daily().micros())
                .text(budget.daily().currency())
                .text(author));
  }

  private static long putTokens(GuardedWork work, TenantBudget budget, String author)
      throws SQLException {
    if (budget.dailyTokens() == 0) {
      return work.update(REMOVE_TOKENS, params -> params.text(budget.tenant()));
    }
    return work.update(
        PUT_TOKENS,
        params -> params.text(budget.tenant()).number(budget.dailyTokens()).text(author));
  }

  @Override
  public boolean remove(long epoch, String tenant) {
    GuardedWork.Binding one = params -> params.text(tenant);
    return rows.change(epoch, work -> work.update(REMOVE, one) + work.update(REMOVE_TOKENS, one))
        > 0;
  }

  @Override
  public Optional<TenantBudget> of(String tenant) {
    return rows.of(tenant, OF, PgBudgetBook::budget);
  }

  /** Of the columns of {@link #ALL}. */
  static TenantBudget budget(ResultSet row) throws SQLException {
    long micros = row.getLong(2);
    Budget daily = micros == 0 ? Budget.NONE : new Budget(micros, row.getString(3));
    return new TenantBudget(row.getString(1), daily, row.getLong(4));
  }

  @Override
  public DaySpent spent(UncountedDay day) {
    try (Connection connection = Sessions.background(database)) {
      DaySpent tokens = tokens(connection, day);
      return day.currency().isEmpty()
          ? tokens
          : new DaySpent(time(connection, day).plus(tokens.money()), tokens.tokens());
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static Charge time(Connection connection, UncountedDay day) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(CostSql.ENDED)) {
      tasks(new Params(query).time(day.begin()), day)
          .time(day.begin())
          .time(day.until())
          .text(day.currency());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return new Charge(row.getBigDecimal(1).toBigIntegerExact());
      }
    }
  }

  private static DaySpent tokens(Connection connection, UncountedDay day) throws SQLException {
    long number = LocalDate.ofInstant(day.begin(), ZoneOffset.UTC).toEpochDay();
    try (PreparedStatement query = connection.prepareStatement(CostSql.ENDED_TOKENS)) {
      tasks(new Params(query).text(day.currency()), day)
          .integer((int) number)
          .time(day.begin())
          .time(day.until());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return new DaySpent(new Charge(row.getBigDecimal(2).toBigIntegerExact()), row.getLong(1));
      }
    }
  }

  private static Params tasks(Params params, UncountedDay day) throws SQLException {
    TaskId end = StoredCosts.before(day.until());
    for (TaskId low : List.of(StoredCosts.openSince(day.begin()), StoredCosts.FIRST)) {
      params.text(day.tenant()).id(low).text(day.tenant()).id(end);
    }
    return params;
  }
}
