package dev.weft.registry.domain.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.health.HealthVerdict;
import dev.weft.registry.domain.health.HealthVerdict.Healthy;
import dev.weft.registry.domain.state.Lifecycle.Signs;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Draining;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  private static final HealthVerdict ILL = new HealthVerdict.Unhealthy("ill");
  private static final List<WorkerState> ALL =
      List.of(new Offline("off"), new Ready(), new Unhealthy("bad"), new Draining(), new Drained());
  private static final List<WorkerState> CONNECTED = ALL.subList(1, ALL.size());

  @Test
  void aBeatBringsAnOfflineWorkerBack() {
    assertThat(Lifecycle.onBeat(new Offline("off"), well(false, false))).isEqualTo(new Ready());
  }

  @Test
  void timeAloneNeverBringsAnOfflineWorkerBack() {
    assertThat(Lifecycle.onTime(new Offline("off"), well(false, false)))
        .isEqualTo(new Offline("off"));
  }

  @Test
  void aWorkerThatComesBackDrainingGetsNoWork() {
    assertThat(Lifecycle.onBeat(new Offline("off"), well(true, true))).isEqualTo(new Draining());
    assertThat(Lifecycle.onBeat(new Offline("off"), well(true, false))).isEqualTo(new Drained());
  }

  @Test
  void illnessStopsEveryConnectedWorker() {
    for (WorkerState state : CONNECTED) {
      assertThat(Lifecycle.onTime(state, new Signs(ILL, false, false)))
          .isEqualTo(new Unhealthy("ill"));
    }
  }

  @Test
  void aRecoveredWorkerIsWhatItsDrainMakesIt() {
    Unhealthy ill = new Unhealthy("ill");
    assertThat(Lifecycle.onBeat(ill, well(false, true))).isEqualTo(new Ready());
    assertThat(Lifecycle.onBeat(ill, well(true, true))).isEqualTo(new Draining());
    assertThat(Lifecycle.onBeat(ill, well(true, false))).isEqualTo(new Drained());
  }

  @Test
  void aDrainEndsWhenTheLastTaskDoes() {
    assertThat(Lifecycle.onBeat(new Ready(), well(true, true))).isEqualTo(new Draining());
    assertThat(Lifecycle.onBeat(new Draining(), well(true, true))).isEqualTo(new Draining());
    assertThat(Lifecycle.onBeat(new Draining(), well(true, false))).isEqualTo(new Drained());
  }

  @Test
  void aTaskThatWasUnderWayMakesADrainedWorkerDrainAgain() {
    assertThat(Lifecycle.onBeat(new Drained(), well(true, true))).isEqualTo(new Draining());
  }

  @Test
  void aDrainThatIsTakenBackMakesReady() {
    assertThat(Lifecycle.onBeat(new Draining(), well(false, true))).isEqualTo(new Ready());
    assertThat(Lifecycle.onBeat(new Drained(), well(false, false))).isEqualTo(new Ready());
  }

  @Test
  void lossLeadsOfflineFromEverywhereAndKeepsTheFirstReason() {
    for (WorkerState state : CONNECTED) {
      assertThat(Lifecycle.onLoss(state, "gone")).isEqualTo(new Offline("gone"));
    }
    assertThat(Lifecycle.onLoss(new Offline("off"), "gone")).isEqualTo(new Offline("off"));
  }

  @Test
  void whatIsKnownDecidesAloneWhateverTheStateWas() {
    for (HealthVerdict verdict : List.of(new Healthy(), ILL)) {
      for (boolean draining : List.of(true, false)) {
        for (boolean busy : List.of(true, false)) {
          Signs signs = new Signs(verdict, draining, busy);
          assertThat(ALL.stream().map(state -> Lifecycle.onBeat(state, signs)).distinct())
              .as("%s", signs)
              .hasSize(1);
        }
      }
    }
  }

  @Test
  void onlyAReadyWorkerHasNoReason() {
    for (WorkerState state : ALL) {
      assertThat(state.reason().isEmpty()).isEqualTo(state instanceof Ready);
    }
  }

  private static Signs well(boolean draining, boolean busy) {
    return new Signs(new Healthy(), draining, busy);
  }
}
