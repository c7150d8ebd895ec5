package dev.weft.router.store;

import dev.weft.router.domain.cost.Charge;
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
 * Reads what open tasks with a budget have cost, after a takeover. Asks nothing when there are
 * none.
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
  private static final String TOKENS =
      "SELECT a.task, a.number, a.model, a.input, a.output"
          + Twins.IDS
          + " JOIN token_use AS a ON a.task = u.id";

  private final Connection connection;
  private final Set<Integer> shapes = new HashSet<>();
  private final List<TaskId> tasks = new ArrayList<>();

  SpentLoader(Connection connection) {
    this.connection = connection;
  }

  void shape(ShapeRow shape) {
    if (RequirementsCodec.hasBudget(shape.definition())) {
      shapes.add(shape.id());
    }
  }

  /** Its shape came before. */
  void task(OpenTask task) {
    if (!shapes.isEmpty()
        && task.row().progress().attempt() != null
        && shapes.contains(task.row().origin().shape())) {
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
      read(PRICE, ids, row -> sink.price(TaskId.of(row.getObject(1, UUID.class)), row.getLong(2)));
      read(TOKENS, ids, row -> sink.tokens(used(row)));
    }
  }

  private static UsedTokens used(ResultSet row) throws SQLException {
    return new UsedTokens(
        TaskId.of(row.getObject(1, UUID.class)),
        row.getInt(2),
        row.getString(3),
        new TokenCount(row.getLong(4), row.getLong(5)));
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
