package dev.weft.router.store;

import dev.weft.router.app.LetterCursor;
import dev.weft.router.app.LetterFilter;
import dev.weft.router.app.LetterPage;
import dev.weft.router.app.LetterQuery;
import dev.weft.router.app.StoredLetter;
import dev.weft.router.domain.journal.DeadLetter;
import dev.weft.router.domain.task.Problem;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.Urgency;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Reads dead letters over one connection. */
final class StoredLetters {
  private static final String COLUMNS =
      "SELECT l.task, l.tenant, l.attempts, l.code, l.reason, l.message, l.metadata, l.ended,"
          + " l.settled, l.redriven_as, t.class FROM ";
  private static final String ONE =
      COLUMNS
          + "dead_letter AS l"
          + Twins.join("task", "id", "l.task", "t")
          + " WHERE l.task = ? AND l.tenant = ?";
  // Said by rows for the same reason as a page of tasks.
  private static final String PAGE =
      COLUMNS
          + "(SELECT * FROM dead_letter WHERE (tenant, ended, task) < (?, ?, ?)"
          + " AND (tenant, ended, task) >= (?, ?, ?) AND %s"
          + " ORDER BY tenant DESC, ended DESC, task DESC LIMIT ?) AS l"
          + Twins.join("task", "id", "l.task", "t")
          + " ORDER BY l.ended DESC, l.task DESC";
  private static final String IN_QUEUE = PAGE.formatted("settled IS NULL");
  private static final String NOT_PURGED =
      PAGE.formatted("(settled IS NULL OR redriven_as IS NOT NULL)");
  // How many of a tenant's letters a page that wants some of them looks at.
  private static final int FILTERED_LOOKS = 1_000;
  private static final TaskId FIRST = new TaskId(0, 0);

  private final Connection connection;

  StoredLetters(Connection connection) {
    this.connection = connection;
  }

  Optional<StoredLetter> one(String tenant, TaskId id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(ONE)) {
      new Params(query).id(id).text(tenant);
      return read(query).stream().findFirst();
    }
  }

  LetterPage page(LetterQuery asked) throws SQLException {
    boolean narrowed = asked.filter().narrows();
    int looks = narrowed ? Math.max(FILTERED_LOOKS, asked.size()) : asked.size() + 1;
    List<StoredLetter> seen = look(asked, looks);
    List<StoredLetter> page = new ArrayList<>();
    for (StoredLetter letter : seen) {
      if (!asked.filter().takes(letter)) {
        continue;
      }
      if (page.size() == asked.size()) {
        return new LetterPage(page, Optional.of(page.getLast().cursor()));
      }
      page.add(letter);
    }
    return new LetterPage(
        page, seen.size() < looks ? Optional.empty() : Optional.of(seen.getLast().cursor()));
  }

  private List<StoredLetter> look(LetterQuery asked, int most) throws SQLException {
    LetterFilter filter = asked.filter();
    LetterCursor end = new LetterCursor(filter.endedBefore(), FIRST);
    LetterCursor before = asked.before().filter(cursor -> cursor.compareTo(end) < 0).orElse(end);
    try (PreparedStatement query =
        connection.prepareStatement(asked.redrivenToo() ? NOT_PURGED : IN_QUEUE)) {
      new Params(query)
          .text(asked.tenant())
          .time(before.ended())
          .id(before.task())
          .text(asked.tenant())
          .time(filter.endedFrom())
          .id(FIRST)
          .integer(most);
      return read(query);
    }
  }

  private static List<StoredLetter> read(PreparedStatement query) throws SQLException {
    List<StoredLetter> letters = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        letters.add(letter(row));
      }
    }
    return letters;
  }

  private static StoredLetter letter(ResultSet row) throws SQLException {
    Problem problem =
        new Problem(
            row.getInt(4),
            row.getString(5),
            row.getString(6),
            TextMapCodec.decode(row.getBytes(7)));
    UUID redrivenAs = row.getObject(10, UUID.class);
    return new StoredLetter(
        new DeadLetter(
            TaskId.of(row.getObject(1, UUID.class)), row.getString(2), row.getInt(3), problem),
        Urgency.unpack(row.getInt(11)).priority(),
        Objects.requireNonNull(TaskColumns.time(row, 8)),
        TaskColumns.time(row, 9),
        redrivenAs == null ? null : TaskId.of(redrivenAs));
  }
}
