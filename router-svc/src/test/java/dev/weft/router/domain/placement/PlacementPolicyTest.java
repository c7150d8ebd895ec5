package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.task.PriorityClass;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a policy may say, and what follows from it. */
class PlacementPolicyTest {

  private static final Weights LOAD = new Weights(0.1, 0.6, 0.2, 0.1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -0.1 | 0.6 | 0.4 | 0.1 | w.capability: -0.1 (expected: 0..1)
          0.1 | 1.5 | 0.1 | 0.1 | w.load: 1.5 (expected: 0..1)
          0.4 | 0.3 | NaN | 0.3 | w.latency: NaN (expected: 0..1)
          0 | 0 | 1 | Infinity | w.cost: Infinity (expected: 0..1)
          0.4 | 0.3 | 0.2 | 0.2 | w: 0.4 + 0.3 + 0.2 + 0.2 = 1.1 (expected: a sum of 1)
          0 | 0 | 0 | 0 | w: 0.0 + 0.0 + 0.0 + 0.0 = 0 (expected: a sum of 1)
          """)
  void wrongWeightsAreNamed(double fit, double load, double latency, double cost, String words) {
    assertThatThrownBy(() -> Weights.named("w", fit, load, latency, cost))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(words);
  }

  @Test
  void sumsThatOnlyRoundingKeepsFrom1AreTaken() {
    assertThat(Weights.named("w", 0.1, 0.6, 0.2, 0.1)).isEqualTo(LOAD);
    assertThat(Weights.named("w", 1.0 / 3, 1.0 / 3, 1.0 / 3, 0).cost()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shell=FASTEST",
        "shell=AFFINITY",
        "shell",
        "=COMPOSITE",
        "Shell=COMPOSITE",
        "shell/P7=COMPOSITE",
        "shell/P3=ROUND_ROBIN=COMPOSITE"
      })
  void wrongRulesAreNamed(String rule) {
    assertThatThrownBy(() -> AlgorithmTable.STANDARD.with("algorithms", List.of(rule)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("algorithms: ")
        .hasMessageContaining("(expected: ");
  }

  @Test
  void rulesLaidOverAnEmptyTableGiveTheTable() {
    AlgorithmTable table =
        AlgorithmTable.STANDARD.with(
            "algorithms",
            List.of("shell/P3=ROUND_ROBIN", "llm=COMPOSITE", "email/P0=RESOURCE_BASED"));
    List<String> rules =
        table.rules().entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList();

    AlgorithmTable again = AlgorithmTable.EMPTY.with("algorithms", rules);

    assertThat(again).isEqualTo(table);
    assertThat(rules).contains("shell/P3=ROUND_ROBIN", "llm=COMPOSITE", "cron=RANDOM_WITH_RETRY");
  }

  @Test
  void classesThatAreLeftOutHaveTheStandardWeights() {
    PlacementPolicy policy =
        new PlacementPolicy(7, Map.of(PriorityClass.P3, LOAD), AlgorithmTable.STANDARD);

    assertThat(policy.weights()).hasSize(7).containsEntry(PriorityClass.P3, LOAD);
    assertThat(policy.weights()).containsEntry(PriorityClass.P0, Weights.STANDARD);
    assertThat(policy.name()).isEqualTo("placement-7");
    assertThat(PlacementPolicy.STANDARD.name()).isEqualTo("standard-1");
  }

  @Test
  void classesWithTheSameWeightsShareAScore() {
    Scores scores =
        Scores.of(
            new PlacementPolicy(
                1,
                Map.of(PriorityClass.P3, LOAD, PriorityClass.P5, LOAD),
                AlgorithmTable.STANDARD));

    assertThat(scores.count()).isEqualTo(2);
    assertThat(scores.index(PriorityClass.P0)).isZero();
    assertThat(scores.index(PriorityClass.P3)).isEqualTo(scores.index(PriorityClass.P5));
    assertThat(scores.get(scores.index(PriorityClass.P3)).loadPart(0)).isEqualTo(0.6);
    Preferences preferences = new Preferences(AlgorithmTable.STANDARD, scores, new Random(1));
    assertThat(preferences.of("shell", PriorityClass.P3))
        .isSameAs(preferences.of("shell", PriorityClass.P5))
        .isNotSameAs(preferences.of("shell", PriorityClass.P4));
  }
}
