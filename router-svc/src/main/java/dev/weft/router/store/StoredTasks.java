package dev.weft.router.store;

import dev.weft.router.app.PageQuery;
import dev.weft.router.app.StoredTask;
import dev.weft.router.app.TaskPage;
import dev.weft.router.domain.journal.TaskRow;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Reads tasks over one connection. */
final class StoredTasks {
  private static final int CREATED = TaskColumns.NEXT;
  private static final int UPDATED = TaskColumns.NEXT + 1;
  private static final int PROBLEM = TaskColumns.NEXT + 2;
  private static final int SPEC = TaskColumns.NEXT + 6;
  private static final int REDRIVEN_AS = TaskColumns.NEXT + 7;
  private static final int REDRIVE_OF = TaskColumns.NEXT + 8;
  private static final String COLUMNS =
      TaskColumns.LIST + ", s.created, t.updated, d.code, d.reason, d.message, d.metadata";
  private static final String ONE =
      "SELECT "
          + COLUMNS
          + ", s.spec, d.redriven_as, r.task FROM every_task AS t JOIN every_spec AS s ON s.id = t.id"
          + " LEFT JOIN dead_letter AS d ON d.task = t.id"
          + " LEFT JOIN dead_letter AS r ON r.redriven_as = t.id WHERE t.id = ? AND t.tenant = ?";
  private static final String SEVERAL =
      "SELECT "
          + COLUMNS
          + Twins.IDS
          + Twins.join("task", "id", "u.id", "t")
          + Twins.join("task_spec", "id", "u.id", "s")
          + " LEFT JOIN dead_letter AS d ON d.task = u.id"
          + " WHERE t.tenant = ?";
  // Said by rows, since an equal tenant would let the planner walk all tenants' ids instead.
  private static final String OWN =
      " WHERE (tenant, id) < (?, ?) AND (tenant, id) >= (?, ?) ORDER BY tenant DESC, id DESC LIMIT ?)";
  private static final String PAGE =
      "SELECT "
          + COLUMNS
          + " FROM ((SELECT tenant, id, created FROM task_spec"
          + OWN
          + " UNION ALL (SELECT tenant, id, created FROM task_spec_old"
          + OWN
          + " ORDER BY tenant DESC, id DESC LIMIT ?) AS s"
          + Twins.join("task", "id", "s.id", "t")
          + " LEFT JOIN dead_letter AS d ON d.task = s.id ORDER BY s.tenant DESC, s.id DESC";
  private static final String RESULT = "SELECT body FROM every_result WHERE task = ?";
  private static final String ATTEMPT_RESULT =
      "SELECT result FROM every_attempt WHERE task = ? AND number = ?";
  // How many of a tenant's tasks a page that wants some states looks at.
  private static final int FILTERED_LOOKS = 1_000;
  private static final TaskId FIRST = new TaskId(0, 0);
  private static final TaskId LAST = new TaskId(-1, -1);

  private final Connection connection;

  StoredTasks(Connection connection) {
    this.connection = connection;
  }

  Optional<StoredTask> one(String tenant, TaskId id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(ONE)) {
      query.setObject(1, id.uuid());
      query.setString(2, tenant);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        TaskRow hot = TaskColumns.row(row);
        StoredTask task =
            task(row, hot, new Whole(Document.of(row.getBytes(SPEC)), result(hot), redrive(row)));
        return Optional.of(task);
      }
    }
  }

  List<StoredTask> several(String tenant, Set<TaskId> ids) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SEVERAL)) {
      new Params(query).array(BinaryArray.ids(ids, Function.identity())).text(tenant);
      return read(query);
    }
  }

  TaskPage page(PageQuery asked) throws SQLException {
    boolean filtered = !asked.states().isEmpty();
    int looks = filtered ? Math.max(FILTERED_LOOKS, asked.size()) : asked.size() + 1;
    List<StoredTask> seen = look(asked.tenant(), asked.before().orElse(LAST), looks);
    List<StoredTask> page = new ArrayList<>();
    for (StoredTask task : seen) {
      TaskState state = task.row().progress().state();
      if (filtered && !asked.states().contains(state)) {
        continue;
      }
      if (page.size() == asked.size()) {
        return new TaskPage(page, Optional.of(page.getLast().row().id()));
      }
      page.add(task);
    }
    return new TaskPage(
        page, seen.size() < looks ? Optional.empty() : Optional.of(seen.getLast().row().id()));
  }

  private List<StoredTask> look(String tenant, TaskId before, int most) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(PAGE)) {
      Params params = new Params(query);
      for (int table = 0; table < 2; table++) {
        params.text(tenant).id(before).text(tenant).id(FIRST).integer(most);
      }
      params.integer(most);
      return read(query);
    }
  }

  private static List<StoredTask> read(PreparedStatement query) throws SQLException {
    List<StoredTask> tasks = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        tasks.add(task(row, TaskColumns.row(row), Whole.NOT));
      }
    }
    return tasks;
  }

  private static StoredTask task(ResultSet row, TaskRow hot, Whole whole) throws SQLException {
    Instant created = Objects.requireNonNull(TaskColumns.time(row, CREATED));
    Instant updated = Objects.requireNonNull(TaskColumns.time(row, UPDATED));
    StoredTask.Times times = new StoredTask.Times(created, updated, TaskColumns.started(row));
    return new StoredTask(
        hot,
        TaskColumns.lastCommit(row),
        whole.spec,
        times,
        whole.result,
        problem(row),
        whole.redrive);
  }

  private static StoredTask.Redrive redrive(ResultSet row) throws SQLException {
    return new StoredTask.Redrive(id(row, REDRIVE_OF), id(row, REDRIVEN_AS));
  }

  private static Optional<TaskId> id(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, UUID.class)).map(TaskId::of);
  }

  /** What a page leaves out. */
  private record Whole(Document spec, Optional<Document> result, StoredTask.Redrive redrive) {
    static final Whole NOT = new Whole(Document.EMPTY, Optional.empty(), StoredTask.Redrive.NONE);
  }

  private static Optional<Problem> problem(ResultSet row) throws SQLException {
    int code = row.getInt(PROBLEM);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(
            new Problem(
                code,
                row.getString(PROBLEM + 1),
                row.getString(PROBLEM + 2),
                TextMapCodec.decode(row.getBytes(PROBLEM + 3))));
  }

  private Optional<Document> result(TaskRow hot) throws SQLException {
    int attempt = hot.progress().resultAttempt();
    if (attempt == 0) {
      return Optional.empty();
    }
    boolean succeeded = hot.progress().state() == TaskState.SUCCEEDED;
    try (PreparedStatement query =
        connection.prepareStatement(succeeded ? RESULT : ATTEMPT_RESULT)) {
      query.setObject(1, hot.id().uuid());
      if (!succeeded) {
        query.setInt(2, attempt);
      }
      try (ResultSet row = query.executeQuery()) {
        byte[] body = row.next() ? row.getBytes(1) : null;
        return Optional.ofNullable(body).map(Document::of);
      }
    }
  }
}
