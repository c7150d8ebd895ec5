package dev.weft.scaler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.scaler.domain.pool.PoolName;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every provider of capacity must do. */
public abstract class CapacityProviderContract {

  protected static final String WORKER = "sandbox-01";
  protected static final String STUBBORN = "sandbox-02";

  /** A provider of the pool, as another scaler has it. */
  protected abstract CapacityProvider provider();

  protected abstract PoolName pool();

  /** Ends a machine behind the provider's back. */
  protected abstract void dies(String worker);

  /** Returns once the stubborn worker heeds no word any more. */
  protected void awaitStubborn() {}

  @Test
  void whatWasStartedIsThereForEveryScaler() {
    provider().start(pool(), WORKER);

    assertThat(machines()).containsOnlyKeys(WORKER);
  }

  @Test
  void toStartItAgainIsNoSecondMachine() {
    provider().start(pool(), WORKER);
    Map<String, String> first = machines();

    provider().start(pool(), WORKER);

    assertThat(machines()).isEqualTo(first);
  }

  @Test
  void whatHasEndedIsGoneAndTheNextLifeHasAnotherHandle() {
    provider().start(pool(), WORKER);
    String first = machines().get(WORKER);
    dies(WORKER);
    await().until(() -> machines().isEmpty());

    provider().start(pool(), WORKER);

    assertThat(machines().get(WORKER)).isNotEqualTo(first);
  }

  @Test
  void itEndsWhenAsked() {
    provider().start(pool(), WORKER);

    provider().stop(pool(), WORKER, machines().get(WORKER));

    await().atMost(Duration.ofSeconds(10)).until(() -> machines().isEmpty());
  }

  @Test
  void whatDoesNotEndWhenAskedCanBeKilled() {
    provider().start(pool(), STUBBORN);
    awaitStubborn();
    String handle = machines().get(STUBBORN);
    provider().stop(pool(), STUBBORN, handle);
    assertThat(machines()).containsEntry(STUBBORN, handle);

    provider().kill(pool(), STUBBORN, handle);

    await().atMost(Duration.ofSeconds(10)).until(() -> machines().isEmpty());
  }

  @Test
  void aLateWordAboutAnEarlierLifeHarmsNobody() {
    provider().start(pool(), WORKER);
    String first = machines().get(WORKER);
    dies(WORKER);
    await().until(() -> machines().isEmpty());
    provider().start(pool(), WORKER);
    Map<String, String> second = machines();

    provider().stop(pool(), WORKER, first);
    provider().kill(pool(), WORKER, first);
    provider().release(pool(), WORKER, first);

    assertThat(machines()).isEqualTo(second);
  }

  @Test
  void whatIsOverCanBeReleasedAndStartedAgain() {
    provider().start(pool(), WORKER);
    String handle = machines().get(WORKER);
    dies(WORKER);
    await().until(() -> machines().isEmpty());

    provider().release(pool(), WORKER, handle);
    provider().release(pool(), WORKER, handle);
    assertThatCode(() -> provider().start(pool(), WORKER)).doesNotThrowAnyException();

    assertThat(machines()).containsOnlyKeys(WORKER);
  }

  @Test
  void aNameThatThePoolDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> provider().start(pool(), "nobody"))
        .isInstanceOf(CapacityException.class)
        .hasMessageContaining("nobody");
  }

  protected Map<String, String> machines() {
    return provider().machines(pool());
  }
}
