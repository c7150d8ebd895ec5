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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The text that writes a group commit, prepared once for each of the few forms that batches have:
 * the guard, then one statement with all the writes, then the specs that are wanted.
 *
 * <p>In one round trip: {@code BEGIN} and {@code COMMIT} are sent with it. The guard is a statement
 * of its own, since its statement's snapshot is older than the lock that it waits for.
 */
final class CommitStatement implements AutoCloseable {

  /** What only some batches write. */
  enum Part {
    ADMITTED,
    KEYS,
    RESULTS,
    ATTEMPTS,
    TOKENS,
    DECISIONS,
    LETTERS,
    SELDOM,
    BUCKETS,
    SPECS
  }

  /** What a text depends on. */
  record Form(List<DayPartition> days, Set<Part> parts) {

    static Form of(CommitSplit split) {
      GroupCommit batch = split.batch();
      Set<Part> parts = EnumSet.noneOf(Part.class);
      add(parts, Part.ADMITTED, !batch.tasks().admitted().isEmpty());
      add(parts, Part.KEYS, !TaskClauses.keyed(batch).isEmpty());
      add(parts, Part.RESULTS, !split.recentResults().isEmpty());
      add(parts, Part.ATTEMPTS, !split.recentAttempts().isEmpty());
      add(parts, Part.TOKENS, !batch.tasks().tokens().isEmpty());
      add(parts, Part.DECISIONS, !batch.placement().decisions().isEmpty());
      add(parts, Part.LETTERS, !batch.tasks().settledLetters().isEmpty());
      add(parts, Part.SELDOM, CommitClauses.anySeldom(batch));
      add(parts, Part.BUCKETS, batch.buckets() != null);
      add(parts, Part.SPECS, !batch.specsWanted().isEmpty());
      return new Form(List.copyOf(split.recentChanges().keySet()), parts);
    }

    private static void add(Set<Part> parts, Part part, boolean present) {
      if (present) {
        parts.add(part);
      }
    }

    boolean has(Part part) {
      return parts.contains(part);
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
    if (form.has(Part.LETTERS)) {
      text.append(", require_count('dead_letter', (SELECT count(*) FROM settled_letters),");
      text.append(" (SELECT count(*) FROM found_letters))");
    }
    if (form.has(Part.SPECS)) {
      text.append(";\n").append(SpecRows.SQL);
    }
    text.append(whole ? ";\nCOMMIT" : "");
    return new CommitStatement(form, whole, clauses, connection.prepareStatement(text.toString()));
  }

  private static List<CommitClause> clauses(int cell, Form form) {
    List<CommitClause> clauses = new ArrayList<>();
    clauses.add(CommitClauses.head(cell));
    if (form.has(Part.ADMITTED)) {
      clauses.add(TaskClauses.ADMITTED);
      clauses.add(TaskClauses.SPECS);
    }
    if (form.has(Part.KEYS)) {
      clauses.add(TaskClauses.KEYS);
    }
    form.days().forEach(day -> clauses.add(TaskClauses.changed(day)));
    if (form.has(Part.RESULTS)) {
      clauses.add(TaskClauses.RESULTS);
    }
    if (form.has(Part.ATTEMPTS)) {
      clauses.add(TaskClauses.ATTEMPTS);
    }
    if (form.has(Part.TOKENS)) {
      clauses.add(TaskClauses.TOKENS);
    }
    clauses.add(CommitClauses.EVENTS);
    if (form.has(Part.DECISIONS)) {
      clauses.add(CommitClauses.DECISIONS);
    }
    if (form.has(Part.LETTERS)) {
      clauses.add(CommitClauses.FOUND_LETTERS);
      clauses.add(CommitClauses.SETTLED_LETTERS);
    }
    if (form.has(Part.SELDOM)) {
      clauses.addAll(CommitClauses.SELDOM);
    }
    if (form.has(Part.BUCKETS)) {
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
    if (form.has(Part.SPECS)) {
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
