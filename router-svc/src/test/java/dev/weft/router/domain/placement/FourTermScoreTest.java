package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FourTermScoreTest {

  private final FourTermScore score = new FourTermScore(Weights.STANDARD);

  @Test
  void weightsAre40LoadIs30Latency20Cost10() {
    assertThat(score.fixedPart(1, 0, 0)).isEqualTo(0.4);
    assertThat(score.loadPart(0)).isEqualTo(0.3);
    assertThat(score.fixedPart(0, 1, 0)).isEqualTo(0.2);
    assertThat(score.fixedPart(0, 0, 1)).isEqualTo(0.1);
  }

  @Test
  void weightsMustSumToOne() {
    assertThatThrownBy(() -> new Weights(0.5, 0.5, 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a sum of 1");
  }

  @Test
  void capabilityIsTheMeanProficiencyInWhatIsAsked() {
    WorkerView view = at(0, 0, "USD", Map.of("CODING", 900, "TESTING", 500));
    Requirements need =
        Workers.shell(List.of(new CapabilityNeed("CODING", 0), new CapabilityNeed("TESTING", 0)));
    assertThat(score.capability(need, view)).isCloseTo(0.7, within(1e-9));
  }

  @Test
  void aCommandThatAsksForNothingIsWeighedBySkillAtShellOperations() {
    assertThat(score.capability(Workers.ANY_SHELL, Workers.view(1))).isEqualTo(0.8);
    assertThat(score.capability(Workers.ANY_SHELL, at(0, 0, "USD", Map.of()))).isZero();
  }

  @Test
  void latencyFallsTo0At500MillisecondsAndNeverBelow() {
    assertThat(score.latency(at(0, 0, "USD", Map.of()))).isEqualTo(1);
    assertThat(score.latency(at(125, 0, "USD", Map.of()))).isEqualTo(0.75);
    assertThat(score.latency(at(500, 0, "USD", Map.of()))).isZero();
    assertThat(score.latency(at(60_000, 0, "USD", Map.of()))).isZero();
  }

  @Test
  void costFallsTo0At10DollarsAnHourAndNeverBelow() {
    assertThat(score.cost(at(0, 0, "", Map.of()))).isEqualTo(1);
    assertThat(score.cost(at(0, 2_500_000, "USD", Map.of()))).isEqualTo(0.75);
    assertThat(score.cost(at(0, 99_000_000, "USD", Map.of()))).isZero();
  }

  @Test
  void aPriceInAnotherCurrencyCountsAsTheWorst() {
    assertThat(score.cost(at(0, 1, "EUR", Map.of()))).isZero();
  }

  private static WorkerView at(
      int millis, long micros, String currency, Map<String, Integer> capabilities) {
    return Workers.view(1, capabilities, new Site("us", millis, micros, currency));
  }
}
