package dev.weft.scaler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.scaler.app.PoolStore;
import dev.weft.scaler.app.PoolStore.Change;
import dev.weft.scaler.app.PoolStore.StoredPool;
import dev.weft.scaler.app.PoolStoreContract;
import dev.weft.scaler.app.StoreException;
import dev.weft.scaler.domain.pool.Instance;
import dev.weft.scaler.domain.pool.Pools;
import dev.weft.scaler.domain.pool.Restarts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL, and what only it can do. */
@WithPostgres
class PgPoolStoreIT extends PoolStoreContract {

  private final ScalerDatabase database;

  PgPoolStoreIT(ScratchDatabase scratch) {
    database = new ScalerDatabase(scratch);
  }

  @Override
  protected PoolStore store() {
    try {
      database.reset();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return new PgPoolStore(database.source, ScalerDatabase.CELL, ScalerDatabase.ROLE);
  }

  @Override
  protected void cellIsHeldUnder(long epoch) {
    database.heldUnder(epoch);
  }

  @Test
  void twoLiveInstancesOfANameAreRefusedAsAWhole() {
    PoolStore store = store();
    database.heldUnder(1);
    List<Instance> twins = List.of(Pools.running(1).getFirst(), Pools.running(1).getFirst());

    assertThatThrownBy(() -> store.save(1, new Change(pool(), twins, List.of())))
        .isInstanceOf(StoreException.class);

    assertThat(store.load().pools()).isEmpty();
  }

  @Test
  void cellsDoNotSeeEachOther() {
    PoolStore store = store();
    database.heldUnder(1);
    store.save(1, new Change(pool(), Pools.running(1), List.of()));

    PoolStore other = new PgPoolStore(database.source, 8, ScalerDatabase.ROLE);

    assertThat(other.load().pools()).isEmpty();
    assertThat(other.load().instances()).isEmpty();
  }

  @Test
  void aReaderWaitsForNoWriterThatHangs() throws SQLException {
    PoolStore store = store();
    database.heldUnder(1);
    try (Connection hanging = database.source.getConnection();
        Statement statement = hanging.createStatement()) {
      hanging.setAutoCommit(false);
      statement.execute("SELECT guard(7, 'scaler', 1)");
      statement.execute("UPDATE cell_lease SET beat = beat");
      Instant before = Instant.now();

      assertThat(store.load().pools()).isEmpty();

      assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThatThrownBy(hanging::commit).isInstanceOf(SQLException.class);
    }
  }

  private static StoredPool pool() {
    return new StoredPool(Pools.NAME, 1, 1, 1, Restarts.NONE, Optional.empty());
  }
}
