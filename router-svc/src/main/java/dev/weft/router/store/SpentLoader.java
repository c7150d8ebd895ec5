package dev.weft.router.store;

import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.journal.OpenRows;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.UsedTokens;
import dev.weft.router.domain.placement.RequirementsCodec;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads what open tasks with a budget, their own or their tenant's, have cost and used of models,
 * after a takeover. Asks nothing when there are none.
 */
final class SpentLoader {
  private static final String SPENT =
      "SELECT a.task, sum((extract(epoch FROM greatest(a.ended, a.started) - a.started) * 1000000)"
          + "::bigint::numeric * p.micros_per_hour)"
          + Twins.IDS
          + Twins.join("attempt", "task", "u.id", "a")
          + CostSql.PRICE
          + " WHERE p.currency <> '' GROUP BY a.task";
  private static final String PRICE =
      "SELECT a.id, p.micros_per_hour"
          + Twins.IDS
          + Twins.join("task", "id", "u.id", "a")
          + CostSql.PRICE
          + " WHERE a.state BETWEEN 2 AND 4 AND p.currency <> ''";
  private static final String SPENT_ON_TOKENS =
      "SELECT a.task, m.currency, sum("
          + CostSql.TOKEN_CHARGE
          + ")"
          + Twins.IDS
          + Twins.join("attempt", "task", "u.id", "a")
          + " JOIN token_use AS k ON k.task = a.task AND k.number = a.number"
          + CostSql.MODEL_PRICE
          + " WHERE m.currency <> '' GROUP BY a.task, m.currency";
  private static final String TOKENS =
      "SELECT a.task, a.number, a.model, a.input, a.output, a.day, a.day_input, a.day_output"
          + Twins.IDS
          + " JOIN token_use AS a ON a.task = u.id";

  private final Connection connection;
  private final Set<String> tenants = new HashSet<>();
  private final Set<Integer> shapes = new HashSet<>();
  private final Set<Integer> metered = new HashSet<>();
  private final List<TaskId> tasks = new ArrayList<>();
  private final List<TaskId> meteredTasks = new ArrayList<>();

  SpentLoader(Connection connection) {
    this.connection = connection;
  }

  void budget(TenantBudget budget) {
    tenants.add(budget.tenant());
  }

  /** Its tenant's budget came before. */
  void shape(ShapeRow shape) {
    boolean own = RequirementsCodec.hasBudget(shape.definition());
    if (own) {
      shapes.add(shape.id());
    }
    if (own || tenants.contains(shape.tenant())) {
      metered.add(shape.id());
    }
  }

  /** Its shape came before. */
  void task(OpenTask task) {
    int shape = task.row().origin().shape();
    if (metered.isEmpty() || task.row().progress().attempt() == null || !metered.contains(shape)) {
      return;
    }
    meteredTasks.add(task.row().id());
    if (shapes.contains(shape)) {
      tasks.add(task.row().id());
    }
  }

  /**
   * @param chunk how many are asked for at once
   */
  void load(int chunk, OpenRows sink) throws SQLException {
    for (int from = 0; from < tasks.size(); from += chunk) {
      List<TaskId> ids = tasks.subList(from, Math.min(from + chunk, tasks.size()));
      read(
          SPENT,
          ids,
          row -> {
            TaskId task = TaskId.of(row.getObject(1, UUID.class));
            sink.spent(task, new Charge(row.getBigDecimal(2).toBigIntegerExact()));
          });
      read(
          SPENT_ON_TOKENS,
          ids,
          row ->
              sink.spentOnTokens(
                  TaskId.of(row.getObject(1, UUID.class)),
                  row.getString(2),
                  new Charge(row.getBigDecimal(3).toBigIntegerExact())));
      read(PRICE, ids, row -> sink.price(TaskId.of(row.getObject(1, UUID.class)), row.getLong(2)));
    }
    for (int from = 0; from < meteredTasks.size(); from += chunk) {
      List<TaskId> ids = meteredTasks.subList(from, Math.min(from + chunk, meteredTasks.size()));
      read(TOKENS, ids, row -> sink.tokens(used(row)));
    }
  }

  private static UsedTokens used(ResultSet row) throws SQLException {
    return new UsedTokens(
        TaskId.of(row.getObject(1, UUID.class)),
        row.getInt(2),
        row.getString(3),
        new TokenCount(row.getLong(4), row.getLong(5)),
        row.getLong(6),
        new TokenCount(row.getLong(7), row.getLong(8)));
  }

  private void read(String sql, List<TaskId> ids, Row row) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      new Params(query).array(BinaryArray.ids(ids, Function.identity()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          row.read(rows);
        }
      }
    }
  }

  /** One row of an answer. */
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }
}
