package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.TenantEraser;
import dev.weft.router.domain.task.TaskId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** Erases over a connection that lives as long as one call. */
public final class PgTenantEraser implements TenantEraser {
  private static final int CHUNK = 500;
  private static final String OPEN =
      "SELECT EXISTS (SELECT FROM every_spec AS s JOIN every_task AS t ON t.id = s.id"
          + " WHERE s.tenant = ? AND t.state < 5)"
          + " OR EXISTS (SELECT FROM agent WHERE tenant = ? AND body_task IS NOT NULL)";
  private static final String SOME = "SELECT id FROM every_spec WHERE tenant = ? LIMIT " + CHUNK;
  private static final List<String> BY_TENANT =
      List.of(
          "request_key",
          "dead_letter",
          "decision",
          "shape_wait",
          "event_log",
          "agent_command",
          "agent",
          "tenant_budget",
          "tenant_token_budget",
          "tenant_tier",
          "shard_user");

  private final LeaseDatabase database;
  private final int cell;
  private final String role;

  public PgTenantEraser(LeaseDatabase database, int cell, String role) {
    this.database = database;
    this.cell = cell;
    this.role = role;
  }

  @Override
  public long erase(long epoch, String tenant) {
    try (Connection connection = Sessions.background(database)) {
      GuardedWork work = new GuardedWork(connection, new CellGuard(cell, role, epoch));
      if (isOpen(work, tenant)) {
        throw new OpenTasks(tenant);
      }
      long erased = tasks(work, tenant);
      for (String table : BY_TENANT) {
        for (String partition : partitions(work, table)) {
          work.transaction(
              () ->
                  work.update(
                      "DELETE FROM " + partition + " WHERE tenant = ?",
                      params -> params.text(tenant)));
        }
      }
      return erased;
    } catch (SQLException e) {
      throw JournalFailure.of(e);
    }
  }

  private static boolean isOpen(GuardedWork work, String tenant) throws SQLException {
    return work.query(OPEN, params -> params.text(tenant).text(tenant), row -> row.getBoolean(1))
        .getFirst();
  }

  private static long tasks(GuardedWork work, String tenant) throws SQLException {
    long erased = 0;
    while (true) {
      List<TaskId> ids = work.query(SOME, params -> params.text(tenant), TaskIds::first);
      if (ids.isEmpty()) {
        return erased;
      }
      work.transaction(
          () -> {
            delete(work, "token_use", "task", ids);
            for (String twin : List.of("", "_old")) {
              delete(work, "result" + twin, "task", ids);
              delete(work, "attempt" + twin, "task", ids);
              delete(work, "task" + twin, "id", ids);
              delete(work, "task_spec" + twin, "id", ids);
            }
            return ids.size();
          });
      erased += ids.size();
    }
  }

  private static void delete(GuardedWork work, String table, String key, List<TaskId> ids)
      throws SQLException {
    work.update(
        "DELETE FROM %s AS t USING unnest(?::uuid[]) AS u(id) WHERE t.%s = u.id"
            .formatted(table, key),
        params -> params.array(BinaryArray.ids(ids, Function.identity())));
  }

  /** A table's partitions, each a step of its own; the table itself if it has none. */
  private static List<String> partitions(GuardedWork work, String table) throws SQLException {
    List<String> names =
        Partitions.read(work).of(table).stream().map(day -> day.table(table)).toList();
    return names.isEmpty() ? List.of(table) : names;
  }
}
