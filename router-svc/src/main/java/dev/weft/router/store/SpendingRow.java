package dev.weft.router.store;

import dev.weft.router.domain.agent.Spending;
import dev.weft.router.domain.agent.Spending.Stay;
import dev.weft.router.domain.cost.Charge;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an agent's bodies cost, as its row says it and the attempts of its present body's task. */
final class SpendingRow {

  // The last attempt of a task stands in its own row unless it has ended otherwise than by success.
  private static final String ATTEMPTS =
      """
      SELECT t.worker, t.started, CASE WHEN t.state = 5 THEN t.updated END AS ended
      FROM (SELECT * FROM task AS d WHERE d.id = a.body_task
        UNION ALL SELECT * FROM task_old AS o WHERE o.id = a.body_task) AS t
      WHERE t.state BETWEEN 2 AND 5 AND t.worker IS NOT NULL AND t.started IS NOT NULL
      UNION ALL SELECT d.worker, d.started, d.ended FROM attempt AS d WHERE d.task = a.body_task
      UNION ALL SELECT o.worker, o.started, o.ended FROM attempt_old AS o WHERE o.task = a.body_task
      """;

  /**
   * Two columns of an agent {@code a}: of bodies that are over, and of the present one. Inside
   * ATTEMPTS {@code a} is the agent; outside it is one of its attempts, by the name that PRICE
   * takes.
   */
  static final String COLUMNS =
      "a.cost, ARRAY(SELECT concat_ws('|', coalesce(p.currency, ''),"
          + " coalesce(p.micros_per_hour, 0), (extract(epoch FROM a.started) * 1000000)::bigint,"
          + " (extract(epoch FROM a.ended) * 1000000)::bigint) FROM ("
          + ATTEMPTS
          + ") AS a"
          + CostSql.PRICE
          + " ORDER BY a.started)";

  private SpendingRow() {}

  /**
   * @param first of the two columns
   */
  static Spending read(ResultSet row, int first) throws SQLException {
    SortedMap<String, Charge> ended = new TreeMap<>();
    for (String part : parts(row.getString(first))) {
      int mark = part.indexOf('=');
      ended.put(part.substring(0, mark), new Charge(new BigInteger(part.substring(mark + 1))));
    }
    String[] stays = (String[]) row.getArray(first + 1).getArray();
    return new Spending(ended, Arrays.stream(stays).map(SpendingRow::stay).toList());
  }

  private static List<String> parts(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }

  private static Stay stay(String text) {
    String[] parts = text.split("\\|");
    return new Stay(
        parts[0],
        Long.parseLong(parts[1]),
        time(parts[2]),
        parts.length > 3 ? Optional.of(time(parts[3])) : Optional.empty());
  }

  private static Instant time(String micros) {
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }

  /** Of bodies that are over. */
  static String text(Spending spending) {
    return spending.ended().entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue().microHours())
        .collect(Collectors.joining(","));
  }
}
