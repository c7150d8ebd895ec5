package dev.weft.router.store;

import dev.weft.router.domain.journal.OpenRows;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads whose open tasks are, after a takeover, where users have limits. Asks nothing while no
 * tenant has a tier.
 */
final class OwnerLoader {

  private final Connection connection;
  private final Set<String> tenants = new HashSet<>();
  private final List<TaskId> tasks = new ArrayList<>();

  OwnerLoader(Connection connection) {
    this.connection = connection;
  }

  void tier(TenantTier tier) {
    tenants.add(tier.tenant());
  }

  /** All tiers came before. */
  void task(OpenTask task) {
    if (!tenants.isEmpty() && tenants.contains(task.row().origin().tenant())) {
      tasks.add(task.row().id());
    }
  }

  /**
   * @param chunk how many are asked for at once
   */
  void load(int chunk, OpenRows sink) throws SQLException {
    for (int from = 0; from < tasks.size(); from += chunk) {
      List<TaskId> ids = tasks.subList(from, Math.min(from + chunk, tasks.size()));
      try (PreparedStatement query = connection.prepareStatement(SpecRows.NAMED_OWNERS)) {
        new Params(query).array(BinaryArray.ids(ids, Function.identity()));
        try (ResultSet rows = query.executeQuery()) {
          SpecRows.owners(rows).forEach(sink::owner);
        }
      }
    }
  }
}
