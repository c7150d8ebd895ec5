package dev.weft.router.domain.effort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EffortPolicyTest {

  @ParameterizedTest
  @CsvSource({
    "SIMPLE,    small,  LOCAL_FIRST",
    "MEDIUM,    medium, LOCAL_FIRST",
    "COMPLEX,   large,  CLOUD_FIRST",
    "EMERGENCY, large,  ANYWHERE"
  })
  void aComplexityMeansATierAndAnOrderOfPlaces(
      Complexity complexity, String tier, PlaceOrder places) {
    assertThat(EffortPolicy.STANDARD.said(complexity))
        .isEqualTo(new Effort(complexity, false, tier, places));
  }

  @ParameterizedTest
  @CsvSource({
    "8192,  600,  1000, 2048, 0, SIMPLE",
    "8193,  0,    0,    0,    0, MEDIUM",
    "0,     601,  0,    0,    0, MEDIUM",
    "0,     3600, 4000, 8192, 0, MEDIUM",
    "0,     3601, 0,    0,    0, COMPLEX",
    "0,     0,    4001, 0,    0, COMPLEX",
    "0,     0,    0,    8193, 0, COMPLEX",
    "32769, 0,    0,    0,    0, COMPLEX",
    "0,     0,    0,    0,    1, COMPLEX"
  })
  void workThatDoesNotSayIsClassifiedByTheLargestOfItsAmounts(
      long input, long timeout, long cpu, long memory, int gpus, Complexity complexity) {
    Workload work = new Workload(input, timeout, cpu, memory, gpus);

    assertThat(EffortPolicy.STANDARD.classified(work))
        .isEqualTo(
            new Effort(
                complexity,
                true,
                EffortPolicy.STANDARD.said(complexity).tier(),
                EffortPolicy.STANDARD.said(complexity).places()));
  }

  @ParameterizedTest
  @EnumSource(Complexity.class)
  void anotherClassifierTakesItsPlace(Complexity complexity) {
    EffortPolicy policy = EffortPolicy.STANDARD.with(_ -> complexity);

    assertThat(policy.classified(new Workload(0, 0, 0, 0, 0)).complexity()).isEqualTo(complexity);
  }

  @Test
  void rulesReplaceWhatTheyNameAndNothingElse() {
    EffortPolicy policy =
        EffortPolicy.STANDARD
            .with("c", List.of("SIMPLE=tiny/ANYWHERE", " MEDIUM=mid-2/CLOUD_FIRST"))
            .with(Thresholds.STANDARD.with("t", List.of("INPUT_BYTES=10/20")));

    assertThat(policy.said(Complexity.SIMPLE))
        .isEqualTo(new Effort(Complexity.SIMPLE, false, "tiny", PlaceOrder.ANYWHERE));
    assertThat(policy.said(Complexity.COMPLEX))
        .isEqualTo(EffortPolicy.STANDARD.said(Complexity.COMPLEX));
    assertThat(policy.classified(new Workload(11, 0, 0, 0, 0)))
        .isEqualTo(new Effort(Complexity.MEDIUM, true, "mid-2", PlaceOrder.CLOUD_FIRST));
    assertThat(policy.classified(new Workload(0, 3_601, 0, 0, 0)).complexity())
        .isEqualTo(Complexity.COMPLEX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SIMPLE | C: SIMPLE (expected: COMPLEXITY=TIER/ORDER",
        "EASY=small/ANYWHERE | C: EASY=small/ANYWHERE (expected: COMPLEXITY=TIER/ORDER",
        "SIMPLE=small/NEAR | C: SIMPLE=small/NEAR (expected: COMPLEXITY=TIER/ORDER",
        "SIMPLE=a/ANYWHERE,SIMPLE=b/ANYWHERE | C: SIMPLE twice (expected: once)"
      })
  void aMeaningThatMeansNothingIsNamed(String rules, String says) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EffortPolicy.STANDARD.with("C", List.of(rules.split(","))))
        .withMessageStartingWith(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LINES=1/2 | T: LINES=1/2 (expected: INPUT_BYTES, TIMEOUT_SECONDS",
        "CPU_MILLI=5/2 | T: CPU_MILLI=5/2 (expected: INPUT_BYTES, TIMEOUT_SECONDS",
        "CPU_MILLI=-1/2 | T: CPU_MILLI=-1/2 (expected: INPUT_BYTES, TIMEOUT_SECONDS",
        "CPU_MILLI=1/2,CPU_MILLI=1/3 | T: CPU_MILLI twice (expected: once)"
      })
  void aThresholdThatMeansNothingIsNamed(String rules, String says) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Thresholds.STANDARD.with("T", List.of(rules.split(","))))
        .withMessageStartingWith(says);
  }
}
