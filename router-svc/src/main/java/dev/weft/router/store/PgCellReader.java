package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.EventChain;
import dev.weft.router.app.EventCursor;
import dev.weft.router.app.KnownKey;
import dev.weft.router.app.LetterPage;
import dev.weft.router.app.LetterQuery;
import dev.weft.router.app.LetterReader;
import dev.weft.router.app.PageQuery;
import dev.weft.router.app.StoredDecisions;
import dev.weft.router.app.StoredLetter;
import dev.weft.router.app.StoredTask;
import dev.weft.router.app.TaskPage;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.cost.TokenUse;
import dev.weft.router.domain.journal.EndedAttempt;
import dev.weft.router.domain.journal.LeaseRef;
import dev.weft.router.domain.journal.StoredSpec;
import dev.weft.router.domain.task.AttemptState;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Reads over a few connections of its own. */
public final class PgCellReader implements CellReader, LetterReader, AutoCloseable {
  private static final String ATTEMPTS =
      "SELECT number, worker, fence, state, started, ended, code, reason, message, metadata, result"
          + " FROM every_attempt WHERE task = ? ORDER BY number";
  private static final String TOKENS =
      "SELECT model, sum(input)::bigint, sum(output)::bigint FROM token_use WHERE task = ?"
          + " GROUP BY model";
  private static final String KEYS =
      "SELECT k.tenant, k.request_id, k.task, k.digest"
          + " FROM unnest(?::text[], ?::text[]) AS u(tenant, request_id)"
          + " JOIN request_key AS k ON k.tenant = u.tenant AND k.request_id = u.request_id"
          + " WHERE k.day >= (now() AT TIME ZONE 'UTC')::date - 1"
          + " AND k.used > now() - interval '24 hours'";
  private static final String EXISTING =
      "SELECT u.id" + Twins.IDS + Twins.join("task", "id", "u.id", "t");

  private final ReadThreads threads;

  /**
   * @param connections how many queries run at once
   */
  public PgCellReader(LeaseDatabase database, int connections) {
    this.threads = new ReadThreads(database, connections);
  }

  @Override
  public CompletionStage<Optional<StoredTask>> task(String tenant, TaskId id) {
    return threads.submit(connection -> new StoredTasks(connection).one(tenant, id));
  }

  @Override
  public CompletionStage<List<StoredTask>> tasks(String tenant, Set<TaskId> ids) {
    return threads.submit(connection -> new StoredTasks(connection).several(tenant, ids));
  }

  @Override
  public CompletionStage<TaskPage> page(PageQuery query) {
    return threads.submit(connection -> new StoredTasks(connection).page(query));
  }

  @Override
  public CompletionStage<List<StoredAttempt>> attempts(TaskId id) {
    return threads.submit(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(ATTEMPTS)) {
            query.setObject(1, id.uuid());
            List<StoredAttempt> attempts = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                attempts.add(attempt(id, row));
              }
            }
            return attempts;
          }
        });
  }

  @Override
  public CompletionStage<TokenUse> tokens(TaskId id) {
    return threads.submit(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(TOKENS)) {
            new Params(query).id(id);
            SortedMap<String, TokenCount> models = new TreeMap<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                models.put(row.getString(1), new TokenCount(row.getLong(2), row.getLong(3)));
              }
            }
            return new TokenUse(models);
          }
        });
  }

  @Override
  public CompletionStage<EventChain> events(String tenant, TaskId id, EventCursor after) {
    return threads.submit(connection -> new EventChains(connection, tenant, id).after(after));
  }

  @Override
  public CompletionStage<List<StoredDecisions>> decisions(String tenant, TaskId id) {
    return threads.submit(connection -> new EventChains(connection, tenant, id).decisions());
  }

  @Override
  public CompletionStage<Map<RequestKey, KnownKey>> keys(Set<RequestKey> keys) {
    return threads.submit(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(KEYS)) {
            new Params(query)
                .array(BinaryArray.texts(keys, RequestKey::tenant))
                .array(BinaryArray.texts(keys, RequestKey::requestId));
            Map<RequestKey, KnownKey> known = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                TaskId task = TaskId.of(row.getObject(3, UUID.class));
                known.put(
                    new RequestKey(row.getString(1), row.getString(2)),
                    new KnownKey(task, Document.of(row.getBytes(4))));
              }
            }
            return known;
          }
        });
  }

  @Override
  public CompletionStage<Set<TaskId>> existing(Set<TaskId> ids) {
    return threads.submit(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(EXISTING)) {
            new Params(query).array(BinaryArray.ids(ids, Function.identity()));
            Set<TaskId> found = new HashSet<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(TaskId.of(row.getObject(1, UUID.class)));
              }
            }
            return found;
          }
        });
  }

  @Override
  public CompletionStage<List<StoredSpec>> specs(Set<TaskId> ids) {
    return threads.submit(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(SpecRows.SQL)) {
            new Params(query).array(BinaryArray.ids(ids, Function.identity()));
            try (ResultSet rows = query.executeQuery()) {
              return SpecRows.read(rows);
            }
          }
        });
  }

  @Override
  public CompletionStage<Map<TaskId, String>> users(Set<TaskId> ids) {
    return threads.submit(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(SpecRows.OWNERS)) {
            new Params(query).array(BinaryArray.ids(ids, Function.identity()));
            try (ResultSet rows = query.executeQuery()) {
              return SpecRows.owners(rows);
            }
          }
        });
  }

  @Override
  public CompletionStage<Optional<StoredLetter>> letter(String tenant, TaskId id) {
    return threads.submit(connection -> new StoredLetters(connection).one(tenant, id));
  }

  @Override
  public CompletionStage<LetterPage> letters(LetterQuery query) {
    return threads.submit(connection -> new StoredLetters(connection).page(query));
  }

  /** Queries that wait fail as unavailable. */
  @Override
  public void close() {
    threads.close();
  }

  private static StoredAttempt attempt(TaskId id, ResultSet row) throws SQLException {
    LeaseRef lease =
        new LeaseRef(row.getInt(1), new WorkerId(row.getObject(2, UUID.class)), row.getLong(3));
    Problem problem =
        new Problem(
            row.getInt(7),
            row.getString(8),
            row.getString(9),
            TextMapCodec.decode(row.getBytes(10)));
    byte[] result = row.getBytes(11);
    EndedAttempt ended =
        new EndedAttempt(
            id,
            lease,
            AttemptState.of(row.getInt(4)),
            Objects.requireNonNull(TaskColumns.time(row, 5)),
            problem,
            result == null ? null : Document.of(result));
    return new StoredAttempt(ended, Objects.requireNonNull(TaskColumns.time(row, 6)));
  }
}
