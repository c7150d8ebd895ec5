package dev.weft.registry.domain.fleet;

import static dev.weft.registry.domain.fleet.FleetFixture.at;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static dev.weft.registry.domain.fleet.FleetFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.fleet.Admission.Admitted;
import dev.weft.registry.domain.health.HealthGrade;
import dev.weft.registry.domain.health.ProbeResult;
import dev.weft.registry.domain.health.ProbeResult.Finding;
import dev.weft.registry.domain.health.ProbedLayer;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What workers find when they ask themselves, and what that does to the fleet. */
class FleetProbeTest extends FleetCase {

  @Test
  void aWorkerWhoseSandboxIsBrokenGetsNoWorkAfterOneDeepProbe() {
    long session = admit(1, 1, 0);
    fleet.beat(session, told(deep(1, "")), at(1000));
    assertThat(state(1)).isEqualTo(new Ready());

    fleet.beat(session, told(deep(2, "could not be started")), at(2000));

    assertThat(state(1)).isEqualTo(new Unhealthy("sandbox: could not be started"));
    fleet.beat(session, told(deep(3, "")), at(3000));
    assertThat(state(1)).isInstanceOf(Unhealthy.class);
    fleet.beat(session, told(deep(4, "")), at(4000));
    assertThat(state(1)).isEqualTo(new Ready());
  }

  @Test
  void aSharedServiceThatIsAwayForAllTakesNobodyOut() {
    for (int worker = 1; worker <= 5; worker++) {
      long session = admit(worker, 1, 0);
      fleet.beat(session, told(artifact(1, "no answer")), at(1000));
      fleet.beat(session, told(artifact(2, "no answer")), at(2000));
    }

    fleet.judge(at(2100));

    assertThat(fleet.all()).extracting(WorkerView::state).containsOnly(new Ready());
    WorkerHealth health = fleet.health(id(3), at(2100)).orElseThrow();
    assertThat(health.grade()).isEqualTo(HealthGrade.DEGRADED);
    assertThat(health.reason()).isEqualTo("artifact: no answer (held to be the service's fault)");
  }

  @Test
  void theOneWorkerThatASharedServiceDoesNotAnswerIsOut() {
    for (int worker = 1; worker <= 3; worker++) {
      long session = admit(worker, 1, 0);
      String fault = worker == 2 ? "no answer" : "";
      fleet.beat(session, told(artifact(1, fault)), at(1000));
      fleet.beat(session, told(artifact(2, fault)), at(2000));
    }
    assertThat(state(2)).isEqualTo(new Ready());

    fleet.judge(at(2100));

    assertThat(state(2)).isEqualTo(new Unhealthy("artifact: no answer"));
    assertThat(state(1)).isEqualTo(new Ready());
    assertThat(state(3)).isEqualTo(new Ready());
  }

  @Test
  void oneThatIsOfflineIsNoWitness() {
    long gone = admit(1, 1, 0);
    long session = admit(2, 1, 0);
    fleet.beat(gone, told(artifact(1, "")), at(1000));
    fleet.leave(gone, at(1000));
    for (int second = 1; second <= 4; second++) {
      fleet.beat(session, FleetFixture.beat(), at(second * 1000));
      fleet.judge(at(second * 1000 + 100));
    }
    assertThat(state(1)).isInstanceOf(Offline.class);

    Duration whenTheOtherAsked = Duration.ofSeconds(4);
    fleet.beat(
        session,
        told(
            artifact(1, "no answer", whenTheOtherAsked),
            artifact(2, "no answer", whenTheOtherAsked)),
        at(5000));
    fleet.judge(at(5100));

    assertThat(state(2)).isEqualTo(new Ready());
  }

  @Test
  void afterATakeoverAWorkerIsOutAgainWithItsFirstBeat() {
    long session = admit(1, 1, 0);
    fleet.beat(session, told(deep(1, "broken")), at(1000));
    Fleet next = new Fleet(8, FleetFixture.rules(), List.of(), at(0));

    long there = ((Admitted) next.admit(hello(1, 1), at(5000))).session();
    next.beat(there, told(deep(1, "broken"), deep(2, "")), at(6000));

    assertThat(next.find(id(1)).orElseThrow().state()).isEqualTo(new Unhealthy("sandbox: broken"));
    next.beat(there, told(deep(3, "")), at(7000));
    assertThat(next.find(id(1)).orElseThrow().state()).isEqualTo(new Ready());
  }

  @Test
  void aNewIncarnationBeginsWithoutAPast() {
    long session = admit(1, 1, 0);
    fleet.beat(session, told(deep(7, "broken")), at(1000));

    long fresh = admit(1, 2, 2000);
    fleet.beat(fresh, FleetFixture.beat(), at(3000));

    assertThat(state(1)).isEqualTo(new Ready());
  }

  private static Beat told(ProbeResult... results) {
    return new Beat(FleetFixture.load(0, 0.1), null, false, null, List.of(results));
  }

  private static ProbeResult deep(long number, String fault) {
    return new ProbeResult(
        ProbedLayer.DEEP, number, Duration.ZERO, List.of(new Finding("sandbox", false, fault)));
  }

  private static ProbeResult artifact(long number, String fault) {
    return artifact(number, fault, Duration.ZERO);
  }

  private static ProbeResult artifact(long number, String fault, Duration age) {
    return new ProbeResult(
        ProbedLayer.APPLICATION,
        number,
        age,
        List.of(new Finding("artifact", true, fault), new Finding("disk", false, "")));
  }
}
