package dev.weft.gateway.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdlenessTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Idleness idleness = new Idleness();

  @Test
  void aPauseIsNoIdleness() {
    assertThat(idleness.heard(1, Idleness.LEAST.minusMillis(1), NOON)).isFalse();
    assertThat(idleness.since(1)).isEmpty();

    assertThat(idleness.heard(1, Idleness.LEAST, NOON)).isTrue();
    assertThat(idleness.since(1)).contains(NOON.minus(Idleness.LEAST));
  }

  @Test
  void thatItIsStillIdleIsNoNewsThoughWhatWasSaidCameALittleLater() {
    idleness.heard(1, MINUTE, NOON);

    assertThat(idleness.heard(1, MINUTE.plusSeconds(1), NOON.plusMillis(1_700))).isFalse();
    assertThat(idleness.since(1)).contains(NOON.minus(MINUTE));
  }

  @Test
  void whatCountsEndsItAndItBeginsAnew() {
    idleness.heard(1, MINUTE, NOON);

    assertThat(idleness.heard(1, Duration.ZERO, NOON)).isTrue();
    assertThat(idleness.since(1)).isEmpty();
    assertThat(idleness.heard(1, Duration.ofSeconds(9), NOON.plusSeconds(9))).isTrue();
    assertThat(idleness.since(1)).contains(NOON);
  }

  @Test
  void ofAnotherBodyItSaysNothing() {
    idleness.heard(1, MINUTE, NOON);

    assertThat(idleness.since(2)).isEmpty();
    assertThat(idleness.heard(2, Duration.ZERO, NOON)).isFalse();
    assertThat(idleness.since(1)).isEmpty();
    assertThat(idleness.heard(3, MINUTE, NOON)).isTrue();
    assertThat(idleness.since(3)).contains(NOON.minus(MINUTE));
  }

  @Test
  void whoSaysTenThousandYearsIsBelievedOne() {
    assertThat(idleness.heard(1, Duration.ofSeconds(Long.MAX_VALUE), NOON)).isTrue();

    assertThat(idleness.since(1)).contains(NOON.minus(Idleness.LONGEST));
  }
}
