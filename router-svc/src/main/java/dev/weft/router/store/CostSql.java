package dev.weft.router.store;

import dev.weft.router.app.CostReader;
import dev.weft.router.domain.cost.CostGroup;

/**
 * The statement that sums up what attempts cost: tasks, their attempts, the part of each in the
 * range (or in each day of it), the price at its lease, groups. In the order of its parameters.
 */
final class CostSql {
  /** What a task belongs to comes first; these ids, of one tenant. */
  static final String NAMED =
      Twins.IDS + Twins.join("task", "id", "u.id", "t") + " %s WHERE t.tenant = ? AND ";

  // Said by rows for the same reason as a page of tasks.
  private static final String OWN = " WHERE (tenant, id) >= (?, ?) AND (tenant, id) < (?, ?)";

  /** One tenant's ids between two. */
  static final String OF_TENANT =
      " FROM ((SELECT id FROM task_spec"
          + OWN
          + ") UNION ALL (SELECT id FROM task_spec_old"
          + OWN
          + ")) AS s"
          + Twins.join("task", "id", "s.id", "t")
          + " %s WHERE ";

  /** All ids between two. */
  static final String OF_ALL =
      " FROM (SELECT * FROM task WHERE id >= ? AND id < ? UNION ALL SELECT * FROM task_old) AS t"
          + " %s WHERE ";

  /** The price of {@code a.worker} at {@code a.started}. */
  static final String PRICE =
      """
       LEFT JOIN LATERAL (
        SELECT p.micros_per_hour, p.currency, p.name FROM worker_price AS p
        WHERE p.worker = a.worker AND p.since <= a.started
        ORDER BY p.worker DESC, p.since DESC LIMIT 1
       ) AS p ON true
      """;

  /** The price of {@code k.model}'s tokens at {@code a.started}; an empty currency without one. */
  static final String MODEL_PRICE =
      """
       LEFT JOIN LATERAL (
        SELECT m.currency, m.input, m.output FROM model_price AS m
        WHERE m.model = k.model AND m.since <= a.started
        ORDER BY m.model DESC, m.since DESC LIMIT 1
       ) AS m ON true
      """;

  /** What the tokens of {@code k} cost by that price, in micro-hours. */
  static final String TOKEN_CHARGE =
      "(k.input::numeric * m.input + k.output::numeric * m.output) * 3600";

  // The last attempt of a task stands in its own row unless it has ended otherwise than by success.
  private static final String ATTEMPTS =
      """
       CROSS JOIN LATERAL (
        SELECT t.attempt AS number, t.worker, t.started,
          CASE WHEN t.state = 5 THEN t.updated ELSE now() END AS ended
        WHERE t.state BETWEEN 2 AND 5 AND t.worker IS NOT NULL AND t.started IS NOT NULL
        UNION ALL SELECT d.number, d.worker, d.started, d.ended FROM attempt AS d
        WHERE d.task = t.id
        UNION ALL SELECT o.number, o.worker, o.started, o.ended FROM attempt_old AS o
        WHERE o.task = t.id
       ) AS a CROSS JOIN LATERAL (
        SELECT greatest(a.started, ?) AS low, least(greatest(a.ended, a.started), ?) AS high
       ) AS c
      """
          + PRICE;
  private static final String ENDED_ATTEMPTS =
      """
       CROSS JOIN LATERAL (
        SELECT t.attempt AS number, t.worker, t.started, t.updated AS ended
        WHERE t.state = 5 AND t.worker IS NOT NULL AND t.started IS NOT NULL
        UNION ALL SELECT d.number, d.worker, d.started, d.ended FROM attempt AS d
        WHERE d.task = t.id
        UNION ALL SELECT o.number, o.worker, o.started, o.ended FROM attempt_old AS o
        WHERE o.task = t.id
       ) AS a
      """;

  /** What of one tenant's attempts ended between two times cost since the first, exactly. */
  static final String ENDED =
      "SELECT coalesce(sum((extract(epoch FROM a.ended - least(a.ended, greatest(a.started, ?)))"
          + " * 1000000)::bigint::numeric * p.micros_per_hour), 0)"
          + OF_TENANT.formatted(ENDED_ATTEMPTS + PRICE)
          + "a.ended > ? AND a.ended <= ? AND p.currency = ?";

  /**
   * What of their tokens was told on a day: how many, and what those of models with a price in a
   * currency cost.
   */
  static final String ENDED_TOKENS =
      "SELECT least(coalesce(sum(k.input::numeric + k.output), 0), "
          + Long.MAX_VALUE
          + ")::bigint, coalesce(sum("
          + TOKEN_CHARGE
          + ") FILTER (WHERE m.currency = ?), 0)"
          + OF_TENANT.formatted(
              ENDED_ATTEMPTS
                  + " JOIN LATERAL (SELECT u.model, u.day_input AS input, u.day_output AS output"
                  + " FROM token_use AS u WHERE u.task = t.id AND u.number = a.number AND u.day = ?"
                  + ") AS k ON true"
                  + MODEL_PRICE)
          + "a.ended > ? AND a.ended <= ?";

  private static final String IN_RANGE = "a.started < ? AND (a.ended > ? OR a.started >= ?)";

  // A part of no length lies in the day in which it begins. Days of 24 hours, whatever the
  // session's zone.
  private static final String DAYS =
      """
       CROSS JOIN LATERAL (
        SELECT day, greatest(c.low, day) AS low, least(c.high, day + interval '24 hours') AS high
        FROM generate_series(date_trunc('day', c.low, 'UTC'), c.high, interval '24 hours') AS day
        WHERE day < c.high OR day <= c.low
       ) AS part
      """;
  private static final String WHOLE =
      " CROSS JOIN LATERAL (SELECT c.low, c.high, NULL::timestamptz AS day) AS part ";

  // A part has a row for its time and the tokens without a price, and one for each other currency
  // of
  // its models. All of an attempt's tokens lie in the part that begins with its lease.
  private static final String MONEY =
      """
       CROSS JOIN LATERAL (
        SELECT currency, sum(micros)::bigint AS micros, sum(input) AS input, sum(output) AS output,
          sum(charge) AS charge, sum(input) FILTER (WHERE bare <> '') AS bare_input,
          sum(output) FILTER (WHERE bare <> '') AS bare_output, max(bare) AS bare
        FROM (
          SELECT coalesce(p.currency, '') AS currency,
            (extract(epoch FROM part.high - part.low) * 1000000)::bigint AS micros,
            0::bigint AS input, 0::bigint AS output, 0::numeric AS charge, ''::text AS bare
          UNION ALL SELECT coalesce(nullif(m.currency, ''), p.currency, ''), 0, k.input, k.output,
            CASE WHEN m.currency <> '' THEN %s ELSE 0 END,
            CASE WHEN m.currency <> '' THEN '' ELSE k.model END
          FROM token_use AS k %s
          WHERE k.task = t.id AND k.number = a.number AND part.low <= a.started
        ) AS money GROUP BY currency
       ) AS x
      """
          .formatted(TOKEN_CHARGE, MODEL_PRICE);

  private static final String GROUPED = ") AS parts GROUP BY key, currency";

  private CostSql() {}

  /** Every group of the source. */
  static String all(CostGroup by, String source) {
    return sums(by)
        + source.formatted(ATTEMPTS + (by == CostGroup.DAY ? DAYS : WHOLE) + MONEY)
        + IN_RANGE
        + GROUPED;
  }

  /** A page of the source's groups, after one of them. */
  static String page(CostGroup by, String source) {
    return "SELECT * FROM ("
        + all(by, source)
        + ") AS groups WHERE (key COLLATE \"C\", currency COLLATE \"C\") > (?, ?)"
        + " ORDER BY key COLLATE \"C\", currency COLLATE \"C\" LIMIT ?";
  }

  private static String sums(CostGroup by) {
    return """
    SELECT key, currency, count(DISTINCT id), count(*), sum(micros)::bigint,
      sum(micros::numeric * price), coalesce(max(name), ''),
      (array_agg(DISTINCT worker || ' ' || coalesce(name, '')) FILTER (WHERE currency = ''))[1:%d],
      least(sum(input), %d)::bigint, least(sum(output), %d)::bigint, sum(charge),
      least(coalesce(sum(bare_input), 0), %d)::bigint,
      least(coalesce(sum(bare_output), 0), %d)::bigint, max(bare)
    FROM (SELECT %s AS key, t.id, a.worker, p.name, x.*, coalesce(p.micros_per_hour, 0) AS price
    """
        .formatted(
            CostReader.MOST_UNPRICED,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            key(by));
  }

  private static String key(CostGroup by) {
    return switch (by) {
      case TASK -> "t.id::text";
      case TENANT -> "t.tenant";
      case WORKER -> "a.worker::text";
      case DAY -> "to_char(part.day AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
      case CLASS -> "'P' || (t.class & 15)";
    };
  }
}
