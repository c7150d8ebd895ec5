package dev.weft.router.store;

/**
 * Looks rows up one by one in a table of days and in its twin. Said this way, and not by a join
 * with the view of both, each look-up goes to its own day only.
 */
final class Twins {
  /** The look-up's outer side: one parameter, the ids. */
  static final String IDS = " FROM unnest(?::uuid[]) AS u(id)";

  private Twins() {}

  /**
   * @param table the table of days
   * @param key its column that holds the task's id
   * @param id where that id comes from in the query so far
   * @param alias the row's name in the query
   */
  static String join(String table, String key, String id, String alias) {
    return " CROSS JOIN LATERAL (SELECT * FROM %1$s AS d WHERE d.%2$s = %3$s UNION ALL SELECT * FROM %1$s_old AS o WHERE o.%2$s = %3$s) AS %4$s"
        .formatted(table, key, id, alias);
  }
}
