package dev.weft.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {

  @Test
  void aGoalIsMetAtItsLimit() {
    assertThat(Goal.atMost(2, "s", "spawn").met(2)).isTrue();
    assertThat(Goal.atLeast(50, "MB/s", "output").met(50)).isTrue();
  }

  @Test
  void aMissIsToldWithWhatIsTooMuch() {
    assertThat(Goal.atMost(3, "ms", "echo").verdict(4.5))
        .isEqualTo("echo: 4.50 ms (goal: at most 3.00): MISSED by 1.50 ms, 1.5 times");
  }

  @Test
  void aMissIsToldWithWhatIsTooLittle() {
    assertThat(Goal.atLeast(50, "MB/s", "output").verdict(20))
        .isEqualTo("output: 20.00 MB/s (goal: at least 50.00): MISSED by 30.00 MB/s, 2.5 times");
  }

  @Test
  void ofNothingThereAreNoTimes() {
    assertThat(Goal.atMost(0, "%", "lost").verdict(1))
        .isEqualTo("lost: 1.00 % (goal: at most 0.00): MISSED by 1.00 %");
  }
}
