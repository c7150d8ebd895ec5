package dev.weft.router.store;

import dev.weft.router.app.CostPage;
import dev.weft.router.app.CostPage.Line;
import dev.weft.router.app.CostPage.Models;
import dev.weft.router.app.CostPage.Place;
import dev.weft.router.app.CostPage.UnpricedWorker;
import dev.weft.router.app.CostPage.Work;
import dev.weft.router.app.CostQuery;
import dev.weft.router.domain.cost.Charge;
import dev.weft.router.domain.cost.CostGroup;
import dev.weft.router.domain.cost.TokenCount;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sums up what attempts cost over one connection. */
final class StoredCosts {
  static final TaskId FIRST = new TaskId(0, 0);
  private static final TaskId LAST = new TaskId(-1, -1);
  private static final Instant NO_END = Instant.parse("9999-12-31T00:00:00Z");
  // What is still open moves to the twin, which is always looked at, a while after this many days;
  // an id's time is right to ten minutes.
  private static final Duration OPEN_IN_PLACE = Duration.ofDays(OldTaskMover.DAYS_IN_PLACE + 2L);
  private static final Duration ID_SKEW = Duration.ofMinutes(15);
  private static final String IDS =
      "SELECT id FROM ((SELECT id FROM task_spec WHERE (tenant, id) >= (?, ?) AND (tenant, id) <"
          + " (?, ?) ORDER BY tenant DESC, id DESC LIMIT ?) UNION ALL (SELECT id FROM task_spec_old"
          + " WHERE (tenant, id) >= (?, ?) AND (tenant, id) < (?, ?) ORDER BY tenant DESC, id DESC"
          + " LIMIT ?)) AS s ORDER BY id DESC LIMIT ?";

  private final Connection connection;
  private final CostQuery asked;
  private final Instant until;

  StoredCosts(Connection connection, CostQuery asked) {
    this.connection = connection;
    this.asked = asked;
    this.until = asked.until().orElse(NO_END);
  }

  CostPage page() throws SQLException {
    if (asked.task().isPresent()) {
      return new CostPage(newestFirst(ofTasks(List.of(asked.task().get()))), Optional.empty());
    }
    return asked.by() == CostGroup.TASK ? tasks() : groups();
  }

  /** Each of a page of tasks; those without attempts in the range have no line. */
  private CostPage tasks() throws SQLException {
    String tenant = asked.tenant().orElseThrow();
    TaskId end = asked.after().map(place -> TaskId.of(UUID.fromString(place.key()))).orElse(high());
    List<TaskId> ids;
    try (PreparedStatement query = connection.prepareStatement(IDS)) {
      Params params = new Params(query);
      for (TaskId low : List.of(low(), FIRST)) {
        params.text(tenant).id(low).text(tenant).id(end).integer(asked.size());
      }
      params.integer(asked.size());
      ids = read(query, TaskIds::first);
    }
    Optional<Place> next =
        ids.size() < asked.size()
            ? Optional.empty()
            : Optional.of(new Place(ids.getLast().toString(), ""));
    return new CostPage(newestFirst(ofTasks(ids)), next);
  }

  private List<Line> ofTasks(List<TaskId> ids) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(CostSql.all(asked.by(), CostSql.NAMED))) {
      Params params =
          range(new Params(query).array(BinaryArray.ids(ids, Function.identity())))
              .text(asked.tenant().orElseThrow());
      inRange(params);
      return read(query, StoredCosts::line);
    }
  }

  private CostPage groups() throws SQLException {
    boolean all = asked.tenant().isEmpty();
    Place after = asked.after().orElse(new Place("", ""));
    String source = all ? CostSql.OF_ALL : CostSql.OF_TENANT;
    try (PreparedStatement query = connection.prepareStatement(CostSql.page(asked.by(), source))) {
      Params params = new Params(query);
      if (all) {
        params.id(low()).id(high());
      } else {
        String tenant = asked.tenant().get();
        for (TaskId low : List.of(low(), FIRST)) {
          params.text(tenant).id(low).text(tenant).id(high());
        }
      }
      inRange(range(params)).text(after.key()).text(after.currency()).integer(asked.size() + 1);
      List<Line> lines = read(query, StoredCosts::line);
      if (lines.size() <= asked.size()) {
        return new CostPage(lines, Optional.empty());
      }
      List<Line> page = lines.subList(0, asked.size());
      return new CostPage(page, Optional.of(page.getLast().place()));
    }
  }

  private Params range(Params params) throws SQLException {
    return params.time(asked.since()).time(until);
  }

  private Params inRange(Params params) throws SQLException {
    return params.time(until).time(asked.since()).time(asked.since());
  }

  private TaskId low() {
    return openSince(asked.since());
  }

  private TaskId high() {
    return asked.until().isEmpty() ? LAST : before(until);
  }

  /** Tasks with lower ids that were open then are in the twin. */
  static TaskId openSince(Instant since) {
    Instant day = since.truncatedTo(ChronoUnit.DAYS).minus(OPEN_IN_PLACE);
    return day.isAfter(Instant.EPOCH) ? new TaskId(day.toEpochMilli() << 16, 0) : FIRST;
  }

  /** Whatever began before then has a lower id. */
  static TaskId before(Instant until) {
    return new TaskId(Math.max(0, until.plus(ID_SKEW).toEpochMilli()) << 16, 0);
  }

  private static List<Line> newestFirst(List<Line> lines) {
    return lines.stream()
        .sorted(
            Comparator.comparing((Line line) -> line.place().key())
                .reversed()
                .thenComparing(line -> line.place().currency()))
        .toList();
  }

  private static <T> List<T> read(PreparedStatement query, GuardedWork.Row<T> row)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (ResultSet result = query.executeQuery()) {
      while (result.next()) {
        rows.add(row.read(result));
      }
    }
    return rows;
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        new Place(row.getString(1), row.getString(2)),
        row.getString(7),
        new Work(
            row.getLong(3),
            row.getLong(4),
            Duration.of(row.getLong(5), ChronoUnit.MICROS),
            new TokenCount(row.getLong(9), row.getLong(10))),
        charge(row.getBigDecimal(6)),
        new Models(
            charge(row.getBigDecimal(11)),
            new TokenCount(row.getLong(12), row.getLong(13)),
            row.getString(14)),
        unpriced(row.getArray(8)));
  }

  private static Charge charge(BigDecimal microHours) {
    return new Charge(microHours.toBigIntegerExact());
  }

  private static List<UnpricedWorker> unpriced(@Nullable Array workers) throws SQLException {
    if (workers == null) {
      return List.of();
    }
    List<UnpricedWorker> found = new ArrayList<>();
    for (String text : (String[]) workers.getArray()) {
      int end = text.indexOf(' ');
      WorkerId id = new WorkerId(UUID.fromString(text.substring(0, end)));
      found.add(new UnpricedWorker(id, text.substring(end + 1)));
    }
    return found;
  }
}
