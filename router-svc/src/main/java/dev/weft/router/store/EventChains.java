package dev.weft.router.store;

import dev.weft.router.app.EventChain;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.StoredDecisions;
import dev.weft.router.app.WaitingSpans;
import dev.weft.router.domain.journal.TaskChange;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Walks a task's chain of commits, from its hot row backwards. */
final class EventChains {
  private static final String LAST =
      "SELECT last_commit, shape FROM every_task WHERE id = ? AND tenant = ?";
  private static final String EVENTS =
      "SELECT at, body FROM event_log WHERE commit = ? AND tenant = ?";
  private static final String DECISION =
      "SELECT at, body FROM decision WHERE commit = ? AND tenant = ?";
  private static final String WAITS =
      "SELECT commit, at, body FROM shape_wait WHERE shape = ? AND tenant = ?"
          + " AND commit <= ? ORDER BY commit DESC LIMIT 50";

  private final Connection connection;
  private final String tenant;
  private final TaskId id;

  EventChains(Connection connection, String tenant, TaskId id) {
    this.connection = connection;
    this.tenant = tenant;
    this.id = id;
  }

  EventChain after(EventCursor after) throws SQLException {
    Optional<Head> head = head();
    return head.isEmpty() ? new EventChain(List.of(), true) : walk(head.get().commit, after);
  }

  /** Newest first. */
  List<StoredDecisions> decisions() throws SQLException {
    Optional<Head> head = head();
    List<StoredDecisions> found = new ArrayList<>();
    if (head.isEmpty()) {
      return found;
    }
    EventChain chain = walk(head.get().commit, EventCursor.START);
    for (EventChain.Step step : chain.steps()) {
      if (step.change().state() == TaskState.LEASED) {
        long commit = step.cursor().commit();
        row(DECISION, commit)
            .ifPresent(row -> found.add(new StoredDecisions(commit, row.at, false, row.body)));
      }
    }
    WaitingSpans waited = WaitingSpans.of(chain);
    if (!waited.isEmpty()) {
      found.addAll(waits(head.get().shape, waited));
    }
    found.sort(Comparator.comparingLong(StoredDecisions::commit).reversed());
    return found;
  }

  private EventChain walk(long last, EventCursor after) throws SQLException {
    List<EventChain.Step> newestFirst = new ArrayList<>();
    long commit = last;
    while (commit > 0 && commit >= after.commit()) {
      Optional<Row> row = row(EVENTS, commit);
      if (row.isEmpty()) {
        Collections.reverse(newestFirst);
        return new EventChain(newestFirst, false);
      }
      commit = collect(commit, row.get(), after, newestFirst);
    }
    Collections.reverse(newestFirst);
    return new EventChain(newestFirst, true);
  }

  /** Returns the task's commit before this one. */
  private long collect(long commit, Row row, EventCursor after, List<EventChain.Step> newestFirst) {
    List<TaskChange> changes = EventCodec.decode(row.body.bytes());
    long previous = 0;
    for (int index = changes.size() - 1; index >= 0; index--) {
      TaskChange change = changes.get(index);
      if (change.task().equals(id)) {
        previous = change.previousCommit();
        EventCursor cursor = new EventCursor(commit, index);
        if (cursor.compareTo(after) > 0) {
          newestFirst.add(new EventChain.Step(cursor, change, row.at));
        }
      }
    }
    return previous;
  }

  private List<StoredDecisions> waits(int shape, WaitingSpans waited) throws SQLException {
    List<StoredDecisions> found = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(WAITS)) {
      query.setInt(1, shape);
      query.setString(2, tenant);
      query.setLong(3, waited.last());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Instant at = Objects.requireNonNull(TaskColumns.time(row, 2));
          found.add(new StoredDecisions(row.getLong(1), at, true, Document.of(row.getBytes(3))));
        }
      }
    }
    Set<Long> explaining = waited.explaining(found.stream().map(StoredDecisions::commit).toList());
    found.removeIf(one -> !explaining.contains(one.commit()));
    return found;
  }

  private Optional<Head> head() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(LAST)) {
      query.setObject(1, id.uuid());
      query.setString(2, tenant);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(new Head(row.getLong(1), row.getInt(2))) : Optional.empty();
      }
    }
  }

  private Optional<Row> row(String sql, long commit) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, commit);
      query.setString(2, tenant);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Instant at = Objects.requireNonNull(TaskColumns.time(row, 1));
        return Optional.of(new Row(at, Document.of(row.getBytes(2))));
      }
    }
  }

  private record Head(long commit, int shape) {}

  private record Row(Instant at, Document body) {}
}
