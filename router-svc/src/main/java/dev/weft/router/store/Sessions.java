package dev.weft.router.store;

import dev.weft.platform.lease.LeaseDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The kinds of connections to the cell's schema. */
final class Sessions {
  // A plan made before the tables were ever analysed would join by hash and scan them. One plan
  // per statement is enough: which days it needs is seen when it runs.
  private static final String BY_INDEX =
      "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
          + " -c enable_bitmapscan=off -c enable_sort=off"
          + " -c plan_cache_mode=force_generic_plan";

  private Sessions() {}

  /** A transaction left open ends by itself; statements live as long as their owner keeps them. */
  static Connection journal(LeaseDatabase database) throws SQLException {
    return open(
        database,
        Map.of(
            "options", BY_INDEX + " -c idle_in_transaction_session_timeout=5s",
            "socketTimeout", "10",
            "preparedStatementCacheQueries", "0"));
  }

  static Connection reader(LeaseDatabase database) throws SQLException {
    return open(
        database,
        Map.of(
            "options",
            BY_INDEX + " -c default_transaction_read_only=on -c statement_timeout=5s",
            "socketTimeout",
            "10"));
  }

  /** For work that may take minutes and that nobody waits for. */
  static Connection background(LeaseDatabase database) throws SQLException {
    return open(database, Map.of("options", BY_INDEX, "socketTimeout", "600"));
  }

  private static Connection open(LeaseDatabase database, Map<String, String> own)
      throws SQLException {
    Map<String, String> properties = new HashMap<>(own);
    properties.put("binaryTransferEnable", BinaryArray.TYPES);
    properties.put("prepareThreshold", "1");
    return database.open(properties);
  }
}
