package dev.weft.router.store;

import static org.awaitility.Awaitility.await;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.platform.lease.LeaseDatabase;
import dev.weft.platform.time.Ticker;
import dev.weft.router.app.BudgetBook;
import dev.weft.router.app.CellFixture;
import dev.weft.router.app.CellReader;
import dev.weft.router.app.CostReader;
import dev.weft.router.app.LetterReader;
import dev.weft.router.app.ModelPriceBook;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.app.PriceStore;
import dev.weft.router.app.ShardBook;
import dev.weft.router.app.TierBook;
import dev.weft.router.app.agent.AgentBook;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** The router's schema in a scratch database, as Flyway makes it. */
final class StoreDatabase implements CellFixture, AutoCloseable {
  static final String ROLE = "router";
  static final int CELL = 0;
  private static final String TABLES =
      "task, task_spec, attempt, result, task_old, task_spec_old, attempt_old, result_old,"
          + " dead_letter, request_key, event_log, decision, shape_wait, shape, worker_drain,"
          + " worker_price, cell_head, open_bucket, cell_lease, placement_policy, agent,"
          + " agent_command, worker_history, tenant_budget, tenant_tier, shard, shard_user,"
          + " shard_version, token_use, model_price, tenant_token_budget";

  private final LeaseDatabase database;
  private final PgCellJournal journal;
  private final PgCellReader reader;
  private final PgCostReader costs;
  private final PgAgentBook agents;

  StoreDatabase(ScratchDatabase scratch) {
    this(migrated(scratch));
  }

  /** One that exists, perhaps reached through a relay. */
  StoreDatabase(LeaseDatabase database) {
    this.database = database;
    this.journal = new PgCellJournal(database, CELL, ROLE, Ticker.system());
    this.reader = new PgCellReader(database, 2);
    this.costs = new PgCostReader(database);
    this.agents = new PgAgentBook(database, CELL, ROLE);
  }

  private static LeaseDatabase migrated(ScratchDatabase scratch) {
    DatabaseAccess access = scratch.service("router");
    Flyway.configure()
        .dataSource(access.jdbcUrl(), access.user(), access.password())
        .locations("db/cell", "db/migration")
        .schemas("router")
        .defaultSchema("router")
        .load()
        .migrate();
    return new LeaseDatabase(
        access.host(),
        access.port(),
        access.database(),
        access.user(),
        access.password(),
        "router",
        "store-test");
  }

  /** Empties every table. */
  StoreDatabase emptied() throws SQLException {
    journal.close();
    execute("TRUNCATE " + TABLES);
    return this;
  }

  LeaseDatabase database() {
    return database;
  }

  @Override
  public PgCellJournal journal() {
    return journal;
  }

  @Override
  public CellReader reader() {
    return reader;
  }

  @Override
  public LetterReader letters() {
    return reader;
  }

  @Override
  public CostReader costs() {
    return costs;
  }

  @Override
  public PriceStore prices() {
    return new PgPriceStore(database, CELL, ROLE);
  }

  @Override
  public PolicyBook policies() {
    return new PgPolicyBook(database, CELL, ROLE);
  }

  @Override
  public BudgetBook budgets() {
    return new PgBudgetBook(database, CELL, ROLE);
  }

  @Override
  public ModelPriceBook modelPrices() {
    return new PgModelPriceBook(database, CELL, ROLE);
  }

  @Override
  public TierBook tiers() {
    return new PgTierBook(database, CELL, ROLE);
  }

  @Override
  public AgentBook agents() {
    return agents;
  }

  @Override
  public ShardBook shards() {
    return new PgShardBook(database, CELL, ROLE);
  }

  @Override
  public long raiseEpoch() {
    try {
      execute("INSERT INTO cell_lease VALUES (0, 'router', 0, '', '', 0) ON CONFLICT DO NOTHING");
      return number(
          "SELECT seize_cell_lease(0, 'router', epoch, beat, 'test', '') FROM cell_lease");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database.open(Map.of("socketTimeout", "600"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long number(String sql) throws SQLException {
    try (Connection connection = database.open();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  /**
   * Ends all sessions and waits for that: a session's statistics are complete when it has ended.
   */
  void endSessions() {
    close();
    awaitNoSession();
  }

  void awaitNoSession() {
    await()
        .until(
            () ->
                number(
                        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                            + " AND application_name = 'store-test'")
                    == 0);
  }

  @Override
  public void close() {
    journal.close();
    reader.close();
    costs.close();
    agents.close();
  }
}
