package dev.weft.registry.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.registry.RegistryConfig;
import dev.weft.registry.app.WorkerStore;
import dev.weft.registry.app.WorkerStoreContract;
import dev.weft.registry.testing.RegistryResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL; each test has a cell of its own. */
@QuarkusTest
@QuarkusTestResource(RegistryResource.class)
class PanacheWorkerStoreIT extends WorkerStoreContract {

  private static final AtomicInteger CELLS = new AtomicInteger(1_000);

  @Inject WorkerStores stores;
  @Inject RegistryConfig config;
  private final int cell = CELLS.incrementAndGet();

  @Override
  protected WorkerStore store() {
    run("DELETE FROM worker");
    return stores.ofCell(cell);
  }

  @Override
  protected void cellIsHeldUnder(long epoch) {
    run("DELETE FROM cell_lease WHERE cell = " + cell);
    run("INSERT INTO cell_lease VALUES (" + cell + ", 'registry', " + epoch + ", 'test', '', 0)");
  }

  @Test
  void noConnectionIsLeftInATransaction() {
    WorkerStore store = store();
    cellIsHeldUnder(1);

    saveAndGiveUp(store, 100);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        number(
                            "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle'"
                                + " AND application_name = 'weft-registry'"
                                + " AND datname = current_database()"))
                    .isZero());
    assertThat(store.loadAll().await().atMost(Duration.ofSeconds(5))).hasSize(1);
  }

  private void run(String sql) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private long number(String sql) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Connection connect() throws SQLException {
    RegistryConfig.Db db = config.db();
    return DriverManager.getConnection(
        "jdbc:postgresql://"
            + db.host()
            + ":"
            + db.port()
            + "/"
            + db.name()
            + "?currentSchema=registry",
        db.user(),
        db.password());
  }
}
