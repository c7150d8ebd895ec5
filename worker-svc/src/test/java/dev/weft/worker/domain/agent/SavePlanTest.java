package dev.weft.worker.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SavePlanTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private final SavePlan plan = new SavePlan(0);

  private void look(long from, long to, boolean success) {
    plan.begins(from);
    plan.ended(to, success);
  }

  @Test
  void nothingIsLookedAtWhileNothingHappens() {
    assertThat(plan.due(1000 * SECOND)).isFalse();
  }

  @Test
  void aCommandsEndIsLookedAtAtOnce() {
    plan.soon();
    assertThat(plan.due(SECOND)).isTrue();
    look(SECOND, SECOND, true);

    assertThat(plan.due(500 * SECOND)).isFalse();
  }

  @Test
  void whatGoesOnIsLookedAtEachMinute() {
    plan.touched();

    assertThat(plan.due(59 * SECOND)).isFalse();
    assertThat(plan.due(60 * SECOND)).isTrue();
  }

  @Test
  void whatHappensDuringALookIsForTheNext() {
    plan.soon();
    plan.begins(SECOND);
    plan.soon();
    plan.ended(SECOND, true);

    assertThat(plan.due(2 * SECOND)).isTrue();
  }

  @Test
  void aLookThatTakesLongIsNotRepeatedAllTheTime() {
    plan.soon();
    look(SECOND, 3 * SECOND, true);
    plan.soon();

    assertThat(plan.due(22 * SECOND)).isFalse();
    assertThat(plan.due(23 * SECOND)).isTrue();
  }

  @Test
  void afterAFailureItIsTriedAgainLater() {
    plan.soon();
    look(SECOND, SECOND, false);

    assertThat(plan.due(30 * SECOND)).isFalse();
    assertThat(plan.due(31 * SECOND)).isTrue();
  }
}
