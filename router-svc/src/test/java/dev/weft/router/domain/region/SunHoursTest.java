package dev.weft.router.domain.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SunHoursTest {

  private static final String FIELD = "WEFT_PLACEMENT_SUN";

  @Test
  void nightGoesRoundTheGlobe() {
    SunHours nights =
        SunHours.of(
            FIELD,
            List.of(
                "us-east-1=America/New_York:22-6",
                "eu-central-1=Europe/Berlin:22-6",
                "ap-northeast-1=Asia/Tokyo:22-6"));
    assertThat(nights.preferred(Instant.parse("2026-01-15T02:00:00Z")))
        .containsExactly("eu-central-1");
    assertThat(nights.preferred(Instant.parse("2026-01-15T04:00:00Z")))
        .containsExactlyInAnyOrder("us-east-1", "eu-central-1");
    assertThat(nights.preferred(Instant.parse("2026-01-15T15:00:00Z")))
        .containsExactly("ap-northeast-1");
    assertThat(nights.preferred(Instant.parse("2026-01-15T12:00:00Z"))).isEmpty();
  }

  @Test
  void theLocalHourKeepsSummerTime() {
    SunHours berlin = SunHours.of(FIELD, List.of("eu=Europe/Berlin:22-24"));
    assertThat(berlin.preferred(Instant.parse("2026-01-15T20:30:00Z"))).isEmpty();
    assertThat(berlin.preferred(Instant.parse("2026-01-15T21:30:00Z"))).containsExactly("eu");
    assertThat(berlin.preferred(Instant.parse("2026-07-15T20:30:00Z"))).containsExactly("eu");
    assertThat(berlin.preferred(Instant.parse("2026-07-15T22:30:00Z"))).isEmpty();
  }

  @Test
  void aZoneOfHalfHoursChangesAtTheHalfHour() {
    SunHours mumbai = SunHours.of(FIELD, List.of("ap-south-1=Asia/Kolkata:6-7"));
    assertThat(mumbai.preferred(Instant.parse("2026-01-15T00:29:00Z"))).isEmpty();
    assertThat(mumbai.preferred(Instant.parse("2026-01-15T00:30:00Z"))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eu",
        "eu=Berlin:22-6",
        "eu=Europe/Berlin:22",
        "eu=Europe/Berlin:24-6",
        "eu=Europe/Berlin:6-25",
        "eu=Europe/Berlin:6-6",
        "eu=Europe/Berlin:-1-6"
      })
  void aRuleThatMeansNothingIsNamed(String rule) {
    assertThatThrownBy(() -> SunHours.of(FIELD, List.of(rule)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(FIELD + ": " + rule + " (expected: REGION=ZONE:HOUR-HOUR");
  }
}
