package dev.weft.router.store;

import dev.weft.router.domain.journal.CommitReceipt;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.StoredSpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The text that writes a group commit, prepared once for each of the few forms that batches have:
 * the guard, then one statement with all the writes, then the specs that are wanted.
 *
 * <p>In one round trip: {@code BEGIN} and {@code COMMIT} are sent with it. The guard is a statement
 * of its own, since its statement's snapshot is older than the lock that it waits for.
 */
final class CommitStatement implements AutoCloseable {

  /**
   * What a text depends on. Parts that nearly every batch has are always there: an empty one costs
   * less than another plan in the server's memory.
   */
  record Form(
      List<DayPartition> days,
      boolean keys,
      boolean attempts,
      boolean seldom,
      boolean buckets,
      boolean specs) {

    static Form of(CommitSplit split) {
      GroupCommit batch = split.batch();
      boolean seldom =
          !batch.tasks().deadLetters().isEmpty()
              || !batch.placement().waits().isEmpty()
              || !batch.placement().newShapes().isEmpty()
              || !batch.placement().droppedShapes().isEmpty()
              || !batch.placement().drains().isEmpty();
      return new Form(
          List.copyOf(split.recentChanges().keySet()),
          !TaskClauses.keyed(batch).isEmpty(),
          !split.recentAttempts().isEmpty(),
          seldom,
          batch.buckets() != null,
          !batch.specsWanted().isEmpty());
    }
  }

  private final Form form;
  private final boolean whole;
  private final List<CommitClause> clauses;
  private final PreparedStatement statement;

  private CommitStatement(
      Form form, boolean whole, List<CommitClause> clauses, PreparedStatement statement) {
    this.form = form;
    this.whole = whole;
    this.clauses = clauses;
    this.statement = statement;
  }

  /**
   * @param whole with {@code BEGIN} and {@code COMMIT}; otherwise the caller has begun and guarded
   */
  static CommitStatement prepare(Connection connection, int cell, Form form, boolean whole)
      throws SQLException {
    List<CommitClause> clauses = clauses(cell, form);
    StringBuilder text = new StringBuilder(whole ? "BEGIN;\n" + CellGuard.SQL + ";\n" : "");
    String separator = "WITH ";
    for (CommitClause clause : clauses) {
      text.append(separator)
          .append(clause.name())
          .append(" AS (\n")
          .append(clause.sql())
          .append(")");
      separator = ",\n";
    }
    text.append("\nSELECT now(), require_count('cell_head', (SELECT count(*) FROM head), 1)");
    for (DayPartition day : form.days()) {
      text.append(", require_count('task', (SELECT count(*) FROM ");
      text.append(day.table("changed")).append("), ?)");
    }
    if (form.specs()) {
      text.append(";\n").append(SpecRows.SQL);
    }
    text.append(whole ? ";\nCOMMIT" : "");
    return new CommitStatement(form, whole, clauses, connection.prepareStatement(text.toString()));
  }

  private static List<CommitClause> clauses(int cell, Form form) {
    List<CommitClause> clauses = new ArrayList<>();
    clauses.add(CommitClauses.head(cell));
    clauses.add(TaskClauses.ADMITTED);
    clauses.add(TaskClauses.SPECS);
    if (form.keys()) {
      clauses.add(TaskClauses.KEYS);
    }
    form.days().forEach(day -> clauses.add(TaskClauses.changed(day)));
    clauses.add(TaskClauses.RESULTS);
    if (form.attempts()) {
      clauses.add(TaskClauses.ATTEMPTS);
    }
    clauses.add(CommitClauses.EVENTS);
    clauses.add(CommitClauses.DECISIONS);
    if (form.seldom()) {
      clauses.addAll(CommitClauses.SELDOM);
    }
    if (form.buckets()) {
      clauses.add(CommitClauses.buckets(cell));
    }
    return clauses;
  }

  /** Sends it; returns when the reply is there. */
  CommitReceipt execute(CommitSplit split, CellGuard guard) throws SQLException {
    Params params = new Params(statement);
    if (whole) {
      guard.bind(params);
    }
    for (CommitClause clause : clauses) {
      clause.bind(params, split);
    }
    for (DayPartition day : form.days()) {
      params.number(split.recentChanges(day).size());
    }
    GroupCommit batch = split.batch();
    if (form.specs()) {
      params.array(BinaryArray.ids(batch.specsWanted(), Function.identity()));
    }
    Instant time = null;
    List<StoredSpec> specs = List.of();
    int place = whole ? 0 : 1;
    for (boolean rows = statement.execute(); rows || statement.getUpdateCount() >= 0; ) {
      if (rows) {
        place++;
        try (ResultSet result = statement.getResultSet()) {
          if (place == 2) {
            time = timeOf(result);
          } else if (place == 3) {
            specs = SpecRows.read(result);
          }
        }
      }
      rows = statement.getMoreResults();
    }
    if (time == null) {
      throw new SQLException("commit " + batch.number() + ": no time in the reply");
    }
    return new CommitReceipt(batch.number(), time, specs);
  }

  private static Instant timeOf(ResultSet result) throws SQLException {
    result.next();
    return result.getObject(1, OffsetDateTime.class).toInstant();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
