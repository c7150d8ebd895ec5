package dev.weft.router.store;

import dev.weft.router.app.RecordReader.Records;
import dev.weft.router.app.RecordReader.TooMany;
import dev.weft.router.app.RecordReader.Unreadable;
import dev.weft.router.app.SpecTerms;
import dev.weft.router.domain.cell.Submission;
import dev.weft.router.domain.replay.FleetEvent;
import dev.weft.router.domain.replay.Price;
import dev.weft.router.domain.replay.PriceHistory;
import dev.weft.router.domain.replay.RecordedRun;
import dev.weft.router.domain.replay.RecordedTask;
import dev.weft.router.domain.replay.Workload;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import dev.weft.router.domain.task.WorkerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a replay needs over one connection, in one transaction, since rows come in small parts
 * only there. What is not kept is in memory for so long as one part is.
 */
final class StoredRecords {
  private static final int PAGE = 500;

  /** A spec with its payload may be large. */
  private static final int SPECS_AT_ONCE = 16;

  // Said by rows, since an equal tenant would let the planner walk all tenants' ids instead.
  private static final String OWN =
      " WHERE (tenant, id) > (?, ?) AND (tenant, id) < (?, ?) ORDER BY tenant, id LIMIT ?)";
  private static final String TASKS =
      "SELECT s.id, s.created, s.spec, t.state, t.updated, t.started, t.worker"
          + " FROM ((SELECT tenant, id, created, spec FROM task_spec"
          + OWN
          + " UNION ALL (SELECT tenant, id, created, spec FROM task_spec_old"
          + OWN
          + " ORDER BY tenant, id LIMIT ?) AS s"
          + Twins.join("task", "id", "s.id", "t")
          + " ORDER BY s.tenant, s.id";
  private static final String ATTEMPTS =
      "SELECT a.task, a.worker, a.state, a.started, a.ended, a.reason"
          + Twins.IDS
          + Twins.join("attempt", "task", "u.id", "a")
          + " ORDER BY a.task, a.number";
  private static final String PRICES =
      "SELECT p.worker, p.since, p.micros_per_hour, p.currency FROM unnest(?::uuid[]) AS u(worker)"
          + " JOIN worker_price AS p ON p.worker = u.worker";
  private static final String NOW = "SELECT now()";

  private final Connection connection;
  private final SpecTerms terms;
  private final Runnable pause;
  private final RecordWeight weight;
  private final Map<Submission.Terms, Submission.Terms> interned = new HashMap<>();
  private final Map<String, String> reasons = new HashMap<>();

  /**
   * @param connection without auto-commit
   * @param pause called between pages; may throw
   */
  StoredRecords(Connection connection, SpecTerms terms, Runnable pause, RecordWeight weight) {
    this.connection = connection;
    this.weight = weight;
    this.terms = terms;
    this.pause = pause;
  }

  Records read(String tenant, Instant since, Instant until, int most) throws SQLException {
    Instant now = now();
    TaskId end = firstOf(until);
    TaskId after = firstOf(since);
    List<RecordedTask> tasks = new ArrayList<>();
    List<RecordedTask> page;
    do {
      pause.run();
      page = page(tenant, after, end);
      tasks.addAll(page);
      if (tasks.size() > most) {
        throw TooMany.rows("tasks", most);
      }
      after = page.isEmpty() ? end : page.getLast().id();
    } while (page.size() == PAGE);
    return new Records(
        new Workload(tenant, since, until, now, tasks), fleet(since, until), prices(tasks));
  }

  private static TaskId firstOf(Instant time) {
    return new TaskId(Math.max(0, time.toEpochMilli()) << 16, 0);
  }

  private Instant now() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(NOW);
        ResultSet row = query.executeQuery()) {
      row.next();
      return TaskColumns.requiredTime(row, 1);
    }
  }

  private List<RecordedTask> page(String tenant, TaskId after, TaskId end) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(TASKS)) {
      Params params = new Params(query);
      for (int table = 0; table < 2; table++) {
        params.text(tenant).id(after).text(tenant).id(end).integer(PAGE);
      }
      params.integer(PAGE);
      query.setFetchSize(SPECS_AT_ONCE);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(row(tenant, row));
        }
      }
    }
    Map<TaskId, List<RecordedRun>> runs = attempts(rows.stream().map(Row::id).toList());
    return rows.stream().map(row -> row.task(runs.getOrDefault(row.id, List.of()))).toList();
  }

  private Row row(String tenant, ResultSet row) throws SQLException {
    TaskId id = TaskIds.first(row);
    UUID worker = row.getObject(7, UUID.class);
    weight.task();
    return new Row(
        id,
        TaskColumns.requiredTime(row, 2),
        terms(tenant, id, Document.of(row.getBytes(3))),
        TaskState.of(row.getInt(4)),
        TaskColumns.requiredTime(row, 5),
        TaskColumns.time(row, 6),
        worker == null ? null : new WorkerId(worker));
  }

  private Submission.Terms terms(String tenant, TaskId id, Document spec) {
    Submission.Terms read;
    try {
      read = terms.of(tenant, spec);
    } catch (IllegalArgumentException e) {
      throw new Unreadable("task " + id, e);
    }
    return interned.computeIfAbsent(
        read,
        fresh -> {
          weight.terms(fresh);
          return fresh;
        });
  }

  private String reason(String text) {
    return reasons.computeIfAbsent(
        text,
        fresh -> {
          weight.reason(fresh);
          return fresh;
        });
  }

  /** Those that ended otherwise than by success, oldest first. */
  private Map<TaskId, List<RecordedRun>> attempts(List<TaskId> ids) throws SQLException {
    Map<TaskId, List<RecordedRun>> found = new HashMap<>();
    if (ids.isEmpty()) {
      return found;
    }
    try (PreparedStatement query = connection.prepareStatement(ATTEMPTS)) {
      new Params(query).array(BinaryArray.ids(ids, Function.identity()));
      query.setFetchSize(PAGE);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          weight.run();
          found
              .computeIfAbsent(TaskIds.first(row), _ -> new ArrayList<>())
              .add(
                  new RecordedRun(
                      new WorkerId(row.getObject(2, UUID.class)),
                      AttemptState.of(row.getInt(3)),
                      TaskColumns.requiredTime(row, 4),
                      TaskColumns.requiredTime(row, 5),
                      reason(row.getString(6))));
        }
      }
    }
    return found;
  }

  private List<FleetEvent> fleet(Instant since, Instant until) throws SQLException {
    pause.run();
    return new StoredFleet(connection, weight).read(since, until);
  }

  private PriceHistory prices(List<RecordedTask> tasks) throws SQLException {
    Set<WorkerId> workers = new HashSet<>();
    tasks.forEach(task -> task.runs().forEach(run -> workers.add(run.worker())));
    List<PriceHistory.Change> changes = new ArrayList<>();
    if (!workers.isEmpty()) {
      try (PreparedStatement query = connection.prepareStatement(PRICES)) {
        new Params(query).array(BinaryArray.workers(workers, id -> id));
        query.setFetchSize(PAGE);
        try (ResultSet row = query.executeQuery()) {
          while (row.next()) {
            weight.price();
            changes.add(
                new PriceHistory.Change(
                    new WorkerId(row.getObject(1, UUID.class)),
                    TaskColumns.requiredTime(row, 2),
                    new Price(row.getLong(3), row.getString(4))));
          }
        }
      }
    }
    return new PriceHistory(changes);
  }

  /** A task's own rows; the last attempt stands here unless it ended otherwise than by success. */
  private record Row(
      TaskId id,
      Instant created,
      Submission.Terms terms,
      TaskState state,
      Instant updated,
      @Nullable Instant started,
      @Nullable WorkerId worker) {

    RecordedTask task(List<RecordedRun> others) {
      List<RecordedRun> runs = new ArrayList<>(others);
      boolean open =
          state == TaskState.LEASED || state == TaskState.RUNNING || state == TaskState.CANCELLING;
      if (open || state == TaskState.SUCCEEDED) {
        runs.add(
            new RecordedRun(
                Objects.requireNonNull(worker, "a leased task's worker"),
                open ? AttemptState.RUNNING : AttemptState.SUCCEEDED,
                Objects.requireNonNull(started, "a leased task's start"),
                open ? null : updated,
                ""));
      }
      return new RecordedTask(id, created, terms, state, state.terminal() ? updated : null, runs);
    }
  }
}
