package dev.weft.router.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.router.app.PolicyBook;
import dev.weft.router.app.PolicyNote;
import dev.weft.router.domain.placement.PlacementPolicy;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that no call of this build has written. */
@WithPostgres
class PolicyBookIT {
  private final StoreDatabase store;
  private final PolicyBook policies;

  PolicyBookIT(ScratchDatabase scratch) {
    store = new StoreDatabase(scratch);
    policies = store.policies();
  }

  @BeforeEach
  void empty() throws SQLException {
    store.emptied();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aVersionThatCantBeReadNeverComesIntoForce() throws SQLException {
    long epoch = store.raiseEpoch();
    PolicyNote note = new PolicyNote("acme/ops", "", "");
    policies.append(epoch, PlacementPolicy.STANDARD.as(1), note);
    row(2, "0.25", "shell=TELEPATHY");
    row(3, "0.5", "");

    assertThat(policies.newest().orElseThrow().policy()).isEqualTo(PlacementPolicy.STANDARD.as(1));
    assertThat(policies.version(2)).isEmpty();
    assertThatThrownBy(() -> policies.append(epoch, PlacementPolicy.STANDARD.as(2), note))
        .isInstanceOf(PolicyBook.Changed.class);
    assertThat(policies.append(epoch, PlacementPolicy.STANDARD.as(4), note).policy().version())
        .isEqualTo(4);
  }

  @Test
  void aPageIsFullWhateverOfItCantBeRead() throws SQLException {
    long epoch = store.raiseEpoch();
    PolicyNote note = new PolicyNote("acme/ops", "", "");
    for (int version = 1; version <= 3; version++) {
      policies.append(epoch, PlacementPolicy.STANDARD.as(version), note);
    }
    row(4, "0.25", "shell=TELEPATHY");
    row(5, "0.5", "");
    policies.append(epoch, PlacementPolicy.STANDARD.as(6), note);

    assertThat(policies.below(Integer.MAX_VALUE, 3))
        .extracting(one -> one.policy().version())
        .containsExactly(6, 3, 2);
    assertThat(policies.below(2, 3)).extracting(one -> one.policy().version()).containsExactly(1);
  }

  @Test
  void theTableTakesNoVersionTwiceAndNoHalfPolicy() throws SQLException {
    row(1, "0.25", "");
    assertThatThrownBy(() -> row(1, "0.25", "")).hasMessageContaining("placement_policy_pkey");
    assertThatThrownBy(
            () ->
                store.execute(
                    "INSERT INTO placement_policy VALUES (2, now(), 'x', '', '', '{1}', '{}')"))
        .hasMessageContaining("weights");
  }

  private void row(int version, String term, String rule) throws SQLException {
    store.execute(
        """
        INSERT INTO placement_policy VALUES (%d, now(), 'somebody', '', '',
          array_fill(%s::float8, ARRAY[28]), string_to_array('%s', ','))
        """
            .formatted(version, term, rule));
  }
}
