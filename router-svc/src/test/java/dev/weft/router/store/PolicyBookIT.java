package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.domain.placement.Weights;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Policies are rows with versions. */
@WithPostgres
class PolicyBookIT {
  private final StoreDatabase store;
  private final PolicyBook policies;

  PolicyBookIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
    policies = new PgPolicyBook(store.database());
  }

  @AfterEach
  void close() throws SQLException {
    store.execute("DELETE FROM policy WHERE version > 1");
    store.close();
  }

  @Test
  void freshCellHasTheStandardWeights() {
    assertThat(policies.weights()).isEqualTo(Weights.STANDARD);
  }

  @Test
  void newestVersionCounts() throws SQLException {
    for (int version = 2; version <= 10; version++) {
      store.execute(
          """
          INSERT INTO policy (kind, name, version, body, author) VALUES ('weights', 'standard', %d,
            '{"capability": 0.7, "load": 0.1, "latency": 0.1, "cost": 0.1}', 'somebody')
          """
              .formatted(version));
    }

    assertThat(policies.weights()).isEqualTo(new Weights("standard-10", 0.7, 0.1, 0.1, 0.1));
  }
}
