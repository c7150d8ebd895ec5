package dev.weft.router.store;

import dev.weft.router.domain.cost.TenantBudget;
import dev.weft.router.domain.journal.CellHead;
import dev.weft.router.domain.journal.OpenRows;
import dev.weft.router.domain.journal.OpenTask;
import dev.weft.router.domain.journal.ShapeRow;
import dev.weft.router.domain.journal.TaskProgress;
import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.limit.TenantTier;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads what is open after a takeover. Tasks are read by ranges of ids alone, so the time it takes
 * follows the minutes that hold something open, not what is stored.
 *
 * <p>The guard is asked before and after: nobody else can have written in between.
 */
final class OpenLoader {
  private static final int CHUNK = 10_000;
  private static final String OPEN = "t.state < 5";
  private static final String FAILED_ON =
      "SELECT a.task, a.worker"
          + Twins.IDS
          + Twins.join("attempt", "task", "u.id", "a")
          + " WHERE a.state IN (4, 5) ORDER BY a.task, a.number";

  private final Connection connection;
  private final CellGuard guard;
  private final SpentLoader spent;
  private final OwnerLoader owners;

  OpenLoader(Connection connection, CellGuard guard) {
    this.connection = connection;
    this.guard = guard;
    this.spent = new SpentLoader(connection);
    this.owners = new OwnerLoader(connection);
  }

  /** Returns how many tasks are open. */
  int load(OpenRows sink) throws SQLException {
    begin();
    head(sink);
    sink.modelPrices(PgModelPriceBook.read(connection));
    budgets(sink);
    shapes(sink);
    drains(sink);
    tiers(sink);
    List<TaskId> failed = new ArrayList<>();
    int tasks =
        copy(
            "SELECT "
                + TaskColumns.LIST
                + " FROM "
                + ranges().sql("r")
                + " JOIN task AS t ON t.id >= r.low AND t.id <= r.high WHERE "
                + OPEN,
            sink,
            failed);
    tasks += copy("SELECT " + TaskColumns.LIST + " FROM task_old AS t WHERE " + OPEN, sink, failed);
    for (int from = 0; from < failed.size(); from += CHUNK) {
      failedOn(failed.subList(from, Math.min(from + CHUNK, failed.size())), sink);
    }
    spent.load(CHUNK, sink);
    owners.load(CHUNK, sink);
    guard.check(connection);
    return tasks;
  }

  /** A new cell gets its counters; shapes of tenants of whom nothing is stored any more go. */
  private void begin() throws SQLException {
    execute("BEGIN");
    guard.check(connection);
    execute(
        "INSERT INTO cell_head VALUES ("
            + guard.cell()
            + ", 0, 0, 0, 0, now())"
            + " ON CONFLICT DO NOTHING");
    // Only now: later the placer's memory may hold shapes that no stored task has.
    execute(
        "DELETE FROM shape WHERE NOT EXISTS"
            + " (SELECT FROM every_spec AS s WHERE s.tenant = shape.tenant)");
    execute("COMMIT");
  }

  private void head(OpenRows sink) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT last_commit, seq, fence, shape, clock_timestamp() FROM cell_head"
                + " WHERE cell = ?")) {
      new Params(query).integer(guard.cell());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        sink.head(
            new CellHead(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4)),
            row.getObject(5, OffsetDateTime.class).toInstant());
      }
    }
  }

  private void shapes(OpenRows sink) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("SELECT id, tenant, definition FROM shape")) {
      while (row.next()) {
        ShapeRow shape =
            new ShapeRow(row.getInt(1), row.getString(2), Document.of(row.getBytes(3)));
        sink.shape(shape);
        spent.shape(shape);
      }
    }
  }

  private void drains(OpenRows sink) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("SELECT worker, deadline, stage FROM worker_drain")) {
      while (row.next()) {
        sink.drain(
            new WorkerDrain(
                new WorkerId(row.getObject(1, UUID.class)),
                row.getLong(2),
                WorkerDrain.Stage.of(row.getInt(3))));
      }
    }
  }

  private void budgets(OpenRows sink) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery(PgBudgetBook.ALL)) {
      while (row.next()) {
        TenantBudget budget = PgBudgetBook.budget(row);
        sink.budget(budget);
        spent.budget(budget);
      }
    }
  }

  private void tiers(OpenRows sink) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row = query.executeQuery(PgTierBook.ALL)) {
      while (row.next()) {
        TenantTier tier = PgTierBook.tier(row);
        sink.tier(tier);
        owners.tier(tier);
      }
    }
  }

  /** Everything, as long as no buckets were stored. */
  private IdRanges ranges() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT minutes, read_from FROM open_bucket WHERE cell = ?")) {
      new Params(query).integer(guard.cell());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return IdRanges.all();
        }
        Integer[] minutes = (Integer[]) row.getArray(1).getArray();
        return IdRanges.of(Arrays.stream(minutes).map(Integer::longValue).toList(), row.getLong(2));
      }
    }
  }

  private int copy(String query, OpenRows sink, List<TaskId> failed) throws SQLException {
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
    int tasks = 0;
    boolean first = true;
    for (byte[] bytes = copy.readFromCopy(); bytes != null; bytes = copy.readFromCopy()) {
      ByteBuffer row = ByteBuffer.wrap(bytes);
      if (first) {
        skipHeader(row);
        first = false;
      }
      if (row.hasRemaining() && row.getShort() > 0) {
        OpenTask task = TaskColumns.copied(row);
        sink.task(task);
        spent.task(task);
        owners.task(task);
        TaskProgress progress = task.row().progress();
        if (progress.failures() > 0 || progress.losses() > 0) {
          failed.add(task.row().id());
        }
        tasks++;
      }
    }
    return tasks;
  }

  /** Signature, flags, and an extension of a stated length. */
  private static void skipHeader(ByteBuffer row) {
    row.position(row.position() + 15);
    int extension = row.getInt();
    row.position(row.position() + extension);
  }

  private void failedOn(List<TaskId> ids, OpenRows sink) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(FAILED_ON)) {
      new Params(query).array(BinaryArray.ids(ids, Function.identity()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          sink.failedOn(
              TaskId.of(row.getObject(1, UUID.class)), new WorkerId(row.getObject(2, UUID.class)));
        }
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
