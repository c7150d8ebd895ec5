package dev.weft.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.platform.time.Ticker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the guard lets through and what it refuses, over a real PostgreSQL. */
@WithPostgres
class CellGuardIT {
  private static final String GUARD = "SELECT guard(0, '" + CellSchema.ROLE + "', %d)";
  private static final String WRITE = "INSERT INTO note VALUES (1, 'written')";

  private final CellSchema schema;
  private final Connection writer;

  CellGuardIT(ScratchDatabase database) throws SQLException {
    schema = new CellSchema(database);
    schema.reset();
    schema.overtake("one");
    writer = schema.open();
  }

  @AfterEach
  void closeWriter() throws SQLException {
    writer.close();
  }

  @Test
  void holderWrites() throws SQLException {
    pipelined(1);

    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void pipelinedTransactionOfAnOldEpochIsRefusedAsAWhole() throws SQLException {
    schema.overtake("two");

    assertThatThrownBy(() -> pipelined(1))
        .isInstanceOfSatisfying(SQLException.class, CellGuardIT::isRefusal);

    assertThat(notes()).isZero();
  }

  @Test
  void transactionPreparedBeforeTheTakeoverCannotCommitAfterIt() throws SQLException {
    writer.setAutoCommit(false);
    PreparedStatement guard = writer.prepareStatement(GUARD.formatted(1));
    PreparedStatement write = writer.prepareStatement(WRITE);
    try (Statement begin = writer.createStatement()) {
      begin.execute("SELECT epoch FROM cell_lease");
    }
    schema.overtake("two");

    assertThatThrownBy(guard::execute)
        .isInstanceOfSatisfying(SQLException.class, CellGuardIT::isRefusal);

    assertThatThrownBy(write::execute).isInstanceOf(SQLException.class);
    writer.rollback();
    assertThat(notes()).isZero();
  }

  @Test
  void transactionThatWaitsForTheTakeoverSeesTheNewEpoch() throws Exception {
    Connection taker = schema.open();
    taker.setAutoCommit(false);
    execute(taker, "SELECT settle_cell(0, '" + CellSchema.ROLE + "')");
    CompletableFuture<Void> old = inBackground(() -> pipelined(1));
    await().until(() -> waiting() == 1);
    execute(taker, "UPDATE cell_lease SET epoch = epoch + 1");
    taker.commit();

    assertThatThrownBy(old::join)
        .rootCause()
        .isInstanceOfSatisfying(SQLException.class, CellGuardIT::isRefusal);

    taker.close();
    assertThat(notes()).isZero();
  }

  @Test
  void repeatableReadIsRefusedSinceItsSnapshotMayBeOld() throws SQLException {
    writer.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);

    assertThatThrownBy(() -> pipelined(1))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("WF002"));
  }

  @Test
  void takeoverWaitsForATransactionThatIsAboutToEnd() throws Exception {
    writer.setAutoCommit(false);
    execute(writer, GUARD.formatted(1));
    execute(writer, WRITE);
    CompletableFuture<Void> takeover = inBackground(() -> schema.overtake("two"));
    await().until(() -> waiting() == 1);

    writer.commit();

    takeover.join();
    assertThat(notes()).isEqualTo(1);
  }

  @Test
  void holderThatHangsInsideATransactionIsEndedAndReplaced() throws SQLException {
    writer.setAutoCommit(false);
    execute(writer, GUARD.formatted(1));
    execute(writer, WRITE);
    LeaseListener quiet =
        new LeaseListener() {
          @Override
          public void acquired(long epoch) {}

          @Override
          public void lost() {}
        };
    LeaseSettings settings = LeaseSettings.of(0, CellSchema.ROLE, "two", "two:1");
    try (CellLease second = new CellLease(settings, schema.database(), quiet, Ticker.system())) {
      second.start();

      await().atMost(Duration.ofSeconds(5)).until(() -> second.held().isPresent());

      assertThatThrownBy(() -> writer.commit()).isInstanceOf(SQLException.class);
      assertThat(notes()).isZero();
    }
  }

  @Test
  void settlingWaitsForEveryWriterAndEndsOneThatHangs() throws SQLException {
    writer.setAutoCommit(false);
    execute(writer, GUARD.formatted(1));
    execute(writer, WRITE);

    try (Connection other = schema.open()) {
      CellFence.settle(other, 0, CellSchema.ROLE);
    }

    assertThat(notes()).isZero();
    assertThatThrownBy(() -> writer.commit()).isInstanceOf(SQLException.class);
  }

  @Test
  void settlingLeavesTheLeaseWithItsHolder() throws SQLException {
    try (Connection other = schema.open()) {
      CellFence.settle(other, 0, CellSchema.ROLE);
    }

    pipelined(1);

    assertThat(notes()).isEqualTo(1);
  }

  private static CompletableFuture<Void> inBackground(Step step) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            step.run();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void pipelined(long epoch) throws SQLException {
    try {
      execute(writer, "BEGIN; " + GUARD.formatted(epoch) + "; " + WRITE + "; COMMIT");
    } catch (SQLException e) {
      execute(writer, "ROLLBACK");
      throw e;
    }
  }

  private static void isRefusal(SQLException failure) {
    assertThat(CellFence.refused(failure)).as("%s", failure).isTrue();
  }

  private long notes() throws SQLException {
    return number("SELECT count(*) FROM note");
  }

  private long waiting() throws SQLException {
    return number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = schema.open();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private interface Step {
    void run() throws SQLException;
  }
}
