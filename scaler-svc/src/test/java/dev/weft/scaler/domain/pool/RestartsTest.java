package dev.weft.scaler.domain.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartsTest {

  private static final RestartPause PAUSE = Pools.RULES.restartPause();
  private static final Duration SHORT = Duration.ofSeconds(2);

  @Test
  void aLongLifeCostsNoPause() {
    Restarts restarts = Restarts.NONE.afterDeath(Duration.ofMinutes(5), Pools.START, PAUSE);

    assertThat(restarts.mayStartFrom(PAUSE)).isBefore(Pools.START);
  }

  @Test
  void theSecondFastDeathCostsAPauseAndEachFurtherOneDoublesItUpToTheLongest() {
    Restarts restarts = Restarts.NONE;
    Instant now = Pools.START;
    long[] pauses = new long[10];
    for (int i = 0; i < pauses.length; i++) {
      restarts = restarts.afterDeath(SHORT, now, PAUSE);
      pauses[i] = Duration.between(now, restarts.mayStartFrom(PAUSE)).toSeconds();
      now = restarts.mayStartFrom(PAUSE);
    }

    assertThat(pauses).containsExactly(0, 1, 2, 4, 8, 16, 32, 64, 120, 120);
  }

  @Test
  void afterAQuietTimeTheCountBeginsAnew() {
    Restarts restarts = Restarts.NONE;
    for (int i = 0; i < 5; i++) {
      restarts = restarts.afterDeath(SHORT, Pools.START, PAUSE);
    }

    Instant later = Pools.START.plus(PAUSE.forget()).plusSeconds(1);

    assertThat(restarts.afterDeath(SHORT, later, PAUSE).fastDeaths()).isEqualTo(1);
  }

  @Test
  void sizesAndNamesThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PoolSize(9, 0, 8))
        .withMessage("desired: 9 (expected: 0 to 8)");
    assertThatIllegalArgumentException().isThrownBy(() -> new PoolSize(1, 3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new PoolName("GPU pool"));
    assertThatIllegalArgumentException().isThrownBy(() -> new InstanceId("ins_1"));
  }
}
