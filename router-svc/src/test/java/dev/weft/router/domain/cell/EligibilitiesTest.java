package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.placement.Eligibility;
import dev.weft.router.domain.placement.HardFilter;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Scores;
import dev.weft.router.domain.placement.StandardFilter;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EligibilitiesTest {

  private static final int WORKERS = 100;
  private final Fleet fleet = new Fleet();
  private final HardFilter filter = new StandardFilter();
  private final Eligibilities roomForTwo =
      new Eligibilities(
          fleet, _ -> filter, _ -> filter, Scores.of(PlacementPolicy.STANDARD), 3_500);
  private final Shape first = shape(1);
  private final Shape second = shape(2);
  private final Shape third = shape(3);

  EligibilitiesTest() {
    for (int i = WORKERS; i > 0; i--) {
      fleet.show(Workers.view(i), 1, 0);
      WorkerSlot slot = fleet.get(Workers.id(i)).slot;
      slot.connected(true);
      slot.credit().capacity(Workers.capacity(4));
    }
  }

  @Test
  void isKeptUntilTheFleetChanges() {
    Eligibility made = roomForTwo.of(first);
    assertThat(roomForTwo.of(first)).isSameAs(made);
    fleet.changed();
    assertThat(roomForTwo.of(first)).isNotSameAs(made);
    assertThat(first.eligible).isEqualTo(WORKERS);
  }

  @Test
  void theShapeThatWasAskedForLongestAgoGivesWay() {
    Eligibility ofFirst = roomForTwo.of(first);
    roomForTwo.of(second);
    roomForTwo.of(first);
    roomForTwo.of(third);
    assertThat(second.eligibility).isNull();
    assertThat(third.eligibility).isNotNull();
    assertThat(roomForTwo.of(first)).isSameAs(ofFirst);
    assertThat(roomForTwo.of(second).size()).as("made anew").isEqualTo(WORKERS);
    assertThat(third.eligibility).isNull();
  }

  @Test
  void whatIsWeighedOtherwiseCountsAndGivesWayWithItsShape() {
    Weights loadOnly = new Weights(0, 1, 0, 0);
    roomForTwo.weighBy(
        Scores.of(
            new PlacementPolicy(
                1, Map.of(PriorityClass.P6, loadOnly), PlacementPolicy.STANDARD.algorithms())));
    roomForTwo.of(second);
    Eligibility otherwise = roomForTwo.of(first, 1);

    assertThat(otherwise).isNotSameAs(roomForTwo.of(first)).isSameAs(roomForTwo.of(first, 1));
    assertThat(second.eligibility).as("a third one of two").isNull();
    roomForTwo.of(third);
    assertThat(first.otherwiseWeighed).isEmpty();
  }

  @Test
  void aShapeThatGaveWayStillHearsOfRoom() {
    WorkerSlot slot = fleet.get(Workers.id(1)).slot;
    roomForTwo.of(first);
    roomForTwo.of(second);
    roomForTwo.of(third);
    assertThat(first.eligibility).isNull();
    assertThat(roomForTwo.anyRoom(first, List.of(slot))).isTrue();
    slot.draining(true);
    assertThat(roomForTwo.anyRoom(first, List.of(slot))).isFalse();
    slot.draining(false);
    slot.credit().take("shell", new Resources(4_000, 0, 0, 0));
    assertThat(roomForTwo.anyRoom(first, List.of(slot))).isFalse();
  }

  @Test
  void slotsStandInTheOrderOfTheirIdsAsWorkersComeAndGo() {
    assertThat(fleet.slots()).hasSize(WORKERS).isSortedAccordingTo(EligibilitiesTest::byId);
    fleet.get(Workers.id(7)).slot.connected(false);
    fleet.hide(Workers.id(7), 2);
    assertThat(fleet.slots()).hasSize(WORKERS - 1).noneMatch(one -> one.id().equals(Workers.id(7)));
    fleet.show(Workers.view(500), 3, 0);
    assertThat(fleet.slots()).hasSize(WORKERS).isSortedAccordingTo(EligibilitiesTest::byId);
  }

  private static int byId(WorkerSlot one, WorkerSlot other) {
    return one.id().compareTo(other.id());
  }

  private static Shape shape(int number) {
    return new Shape(number, "acme", Workers.cores(number));
  }
}
