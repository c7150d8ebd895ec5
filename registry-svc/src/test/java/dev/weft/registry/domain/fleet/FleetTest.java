package dev.weft.registry.domain.fleet;

import static dev.weft.registry.domain.fleet.FleetFixture.at;
import static dev.weft.registry.domain.fleet.FleetFixture.beat;
import static dev.weft.registry.domain.fleet.FleetFixture.draining;
import static dev.weft.registry.domain.fleet.FleetFixture.hello;
import static dev.weft.registry.domain.fleet.FleetFixture.id;
import static dev.weft.registry.domain.fleet.FleetFixture.load;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.registry.domain.fleet.Admission.Admitted;
import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.domain.state.WorkerState.Drained;
import dev.weft.registry.domain.state.WorkerState.Draining;
import dev.weft.registry.domain.state.WorkerState.Offline;
import dev.weft.registry.domain.state.WorkerState.Ready;
import dev.weft.registry.domain.state.WorkerState.Unhealthy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetTest extends FleetCase {

  @Test
  void aWorkerIsOfflineUntilItsFirstBeat() {
    long session = admit(1, 1, 0);
    assertThat(state(1)).isInstanceOf(Offline.class);

    fleet.beat(session, beat(), at(1000));

    assertThat(state(1)).isEqualTo(new Ready());
  }

  @Test
  void aNewerIncarnationTakesOver() {
    long old = admit(1, 1, 0);
    fleet.beat(old, beat(), at(1000));

    Admission admission = fleet.admit(hello(1, 2), at(2000));

    assertThat(admission)
        .isInstanceOfSatisfying(Admitted.class, in -> assertThat(in.replaced()).hasValue(old));
    assertThat(fleet.beat(old, beat(), at(3000))).isFalse();
    assertThat(state(1)).isInstanceOf(Offline.class);
  }

  @Test
  void anOlderIncarnationIsRefused() {
    admit(1, 5, 0);

    assertThat(fleet.admit(hello(1, 4), at(1000))).isEqualTo(new Admission.Superseded(5));
  }

  @Test
  void anOlderIncarnationIsRefusedAfterATakeoverToo() {
    WorkerRecord known = stored(1, 5);
    Fleet next = new Fleet(8, FleetFixture.rules(), List.of(known), at(0));

    assertThat(next.admit(hello(1, 4), at(1000))).isEqualTo(new Admission.Superseded(5));
  }

  @Test
  void aReconnectOfTheSameIncarnationKeepsTheState() {
    long old = admit(1, 1, 0);
    fleet.beat(old, beat(), at(1000));
    fleet.leave(old, at(1500));

    long session = admit(1, 1, 2000);

    assertThat(state(1)).isEqualTo(new Ready());
    assertThat(fleet.beat(session, beat(), at(2500))).isTrue();
  }

  @Test
  void aLateEndOfTheOldStreamDoesNotTakeTheNewOneAway() {
    long old = admit(1, 1, 0);
    long session = admit(1, 1, 1000);
    fleet.beat(session, beat(), at(1000));

    fleet.leave(old, at(1500));
    fleet.judge(at(4000));

    assertThat(state(1)).isEqualTo(new Ready());
  }

  @Test
  void aClosedStreamMakesOfflineAfterTheGrace() {
    long session = admit(1, 1, 0);
    fleet.beat(session, beat(), at(1000));
    fleet.leave(session, at(1000));

    judgeUntil(1250, 2750);
    assertThat(state(1)).isEqualTo(new Ready());
    judgeUntil(3000, 3000);

    assertThat(state(1)).isEqualTo(new Offline("the worker's stream ended"));
  }

  @Test
  void silenceMakesUnhealthyAndThenEndsTheStream() {
    long session = admit(1, 1, 0);
    fleet.beat(session, beat(), at(1000));

    judgeUntil(1250, 4500);
    assertThat(state(1)).isInstanceOf(Unhealthy.class);
    List<Long> over = judgeUntil(4750, 16_000);

    assertThat(over).containsExactly(session);
    assertThat(state(1)).isEqualTo(new Offline("no beat came for 15000 ms"));
    assertThat(fleet.beat(session, beat(), at(16_100))).isFalse();
  }

  @Test
  void aStalledRegistryJudgesNobody() {
    for (int worker = 1; worker <= 20; worker++) {
      fleet.beat(admit(worker, 1, 0), beat(), at(1000));
    }

    List<Long> over = fleet.judge(at(61_000));

    assertThat(over).isEmpty();
    assertThat(fleet.all()).allMatch(view -> view.state() instanceof Ready);
  }

  @Test
  void aDrainIsFollowedToItsEnd() {
    long session = admit(1, 1, 0);
    fleet.beat(session, draining(2), at(1000));
    assertThat(state(1)).isEqualTo(new Draining());

    fleet.beat(session, draining(0), at(2000));

    assertThat(state(1)).isEqualTo(new Drained());
  }

  @Test
  void theNameOfAConnectedWorkerIsTaken() {
    admit(1, 1, 0);

    Admission admission = fleet.admit(named(2, "gpu-1"), at(0));

    assertThat(admission).isEqualTo(new Admission.NameTaken("gpu-1"));
    assertThat(fleet.find(id(2))).isEmpty();
  }

  @Test
  void theNameOfAWorkerThatLeftIsFreeAndMeansTheConnectedOne() {
    fleet.leave(admit(1, 1, 0), at(0));

    assertThat(fleet.admit(named(2, "gpu-1"), at(0))).isInstanceOf(Admitted.class);

    assertThat(fleet.find("gpu-1").map(WorkerView::id)).contains(id(2));
  }

  @Test
  void aNewProfileOnTheStreamCountsAtOnce() {
    long session = admit(1, 1, 0);

    Optional<Admission.NameTaken> refusal = fleet.reprofile(session, Profiles.sandbox("sandbox-1"));

    assertThat(refusal).isEmpty();
    assertThat(fleet.find("sandbox-1").map(WorkerView::id)).contains(id(1));
    assertThat(fleet.find("gpu-1")).isEmpty();
  }

  @Test
  void aNewProfileCannotTakeAName() {
    admit(1, 1, 0);
    long session = admit(2, 1, 0);

    assertThat(fleet.reprofile(session, Profiles.gpu("gpu-1")))
        .contains(new Admission.NameTaken("gpu-1"));
    assertThat(fleet.find("gpu-2").map(WorkerView::id)).contains(id(2));
  }

  @Test
  void theFleetHasABound() {
    for (int worker = 1; worker <= 1_000; worker++) {
      admit(worker, 1, 0);
    }

    assertThat(fleet.admit(hello(1_001, 1), at(0))).isEqualTo(new Admission.FleetFull(1_000));
    assertThat(fleet.admit(hello(1, 2), at(0))).isInstanceOf(Admitted.class);
  }

  @Test
  void loadIsShownOnceASecondAndOnlyWhenItMoved() {
    long session = admit(1, 1, 0);
    fleet.beat(session, beat(load(0, 0.1)), at(1000));
    long before = fleet.revision();

    fleet.beat(session, beat(load(0, 0.11)), at(1500));
    fleet.tellLoads();
    assertThat(fleet.revision()).isEqualTo(before);

    fleet.beat(session, beat(load(0, 0.5)), at(2000));
    fleet.beat(session, beat(load(1, 0.6)), at(2500));
    assertThat(fleet.revision()).isEqualTo(before);
    fleet.tellLoads();

    assertThat(fleet.revision()).isEqualTo(before + 1);
    assertThat(view(1).live().load().slotsUsed()).isEqualTo(1);
  }

  @Test
  void anUnsetLoadIsAsBefore() {
    long session = admit(1, 1, 0);
    fleet.beat(session, beat(load(3, 0.5)), at(1000));

    fleet.beat(session, new Beat(null, null, false, null, List.of()), at(2000));
    fleet.tellLoads();

    assertThat(view(1).live().load().slotsUsed()).isEqualTo(3);
  }

  @Test
  void theLatencyIsTheConfiguredOneUntilTheEchoMeasuresIt() {
    long session = admit(1, 1, 0);
    assertThat(view(1).live().latency()).isEqualTo(Duration.ofMillis(45));

    fleet.beat(session, beat(), at(1000));
    Beat.Echo echo = new Beat.Echo(at(1000).wall(), Duration.ofMillis(900));
    fleet.beat(session, new Beat(null, null, false, echo, List.of()), at(1907));
    fleet.tellLoads();

    assertThat(view(1).live().latency()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void revisionsCarryTheEpochAndGrowFromOneRegistryToTheNext() {
    admit(1, 1, 0);
    Fleet next = new Fleet(8, FleetFixture.rules(), List.of(), at(0));

    assertThat(Revision.epochOf(fleet.revision())).isEqualTo(7);
    assertThat(next.revision()).isGreaterThan(fleet.revision() + 1_000_000_000);
    assertThat(next.reaches(fleet.revision())).isFalse();
  }

  @Test
  void pagesGoByNameWithoutGapOrRepetition() {
    List.of(5, 3, 9, 1, 7).forEach(worker -> admit(worker, 1, 0));

    List<WorkerView> first = fleet.page(NameKey.START, 2);
    List<WorkerView> second = fleet.page(NameKey.of(first.getLast()), 2);
    List<WorkerView> third = fleet.page(NameKey.of(second.getLast()), 2);

    assertThat(List.of(first, second, third))
        .extracting(page -> page.stream().map(WorkerView::name).toList())
        .containsExactly(List.of("gpu-1", "gpu-3"), List.of("gpu-5", "gpu-7"), List.of("gpu-9"));
  }

  private static Hello named(int worker, String name) {
    return new Hello(id(worker), 1, Profiles.gpu(name));
  }

  private static WorkerRecord stored(int worker, long incarnation) {
    Fleet before = new Fleet(1, FleetFixture.rules(), List.of(), at(0));
    before.admit(hello(worker, incarnation), at(0));
    return before.takeUnsaved(true, 1).changed().getFirst();
  }
}
