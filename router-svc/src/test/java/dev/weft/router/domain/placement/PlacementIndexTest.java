package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.fleet.ChangeLog;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside one that looks at every worker, at every pick. */
class PlacementIndexTest {

  private static final double BOUND = 0.98;
  private final Chooser chooser = new Chooser();

  static Stream<Arguments> everyAlgorithm() {
    return EveryAlgorithmTest.everyAlgorithm();
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void everyPickIsWithinTwoPercentOfTheBestOfAll(Algorithm algorithm, PriorityClass priority) {
    int placed = 0;
    for (int seed = 0; seed < 6; seed++) {
      LargeFleet fleet = new LargeFleet(seed, 70 + seed * seed * 120);
      Preference preference = chooser.preference(algorithm, priority);
      // Shapes that differ in what they need share the workers, and are not asked equally often.
      List<Requirements> shapes =
          List.of(
              Workers.cores(1),
              Workers.cores(2),
              Workers.cores(3),
              Workers.of(Complexity.SIMPLE),
              Workers.of(Complexity.COMPLEX));
      Map<Requirements, Eligibility> known = new HashMap<>();
      for (int i = 0; i < 400; i++) {
        for (int event = fleet.random.nextInt(40); event > 0; event--) {
          fleet.event();
        }
        Requirements need = shapes.get(Math.min(4, fleet.random.nextInt(12)));
        Eligibility among = eligibility(known, need, fleet);
        if (among.size() > Ranking.FEW && pickIsRight(preference, need, among, fleet, i)) {
          placed++;
        }
      }
    }
    assertThat(placed).isGreaterThan(1_000);
  }

  private boolean pickIsRight(
      Preference by, Requirements need, Eligibility among, LargeFleet fleet, int round) {
    int key = 1 + round % 37;
    boolean drawn = by instanceof Lottery;
    List<Candidate> roomy =
        among.candidates().stream()
            .filter(candidate -> candidate.slot.hasRoom("shell", need.resources()))
            .toList();
    double best =
        drawn ? 0 : roomy.stream().mapToDouble(one -> rank(by, one, need, key)).max().orElse(0);
    List<WorkerId> failedOn = round % 5 == 0 ? List.of(fleet.any().id()) : List.of();
    Map<WorkerId, Double> ranks = new HashMap<>();
    roomy.forEach(one -> ranks.put(one.slot.id(), drawn ? 1 : rank(by, one, need, key)));

    WorkerSlot picked = chooser.ranking.pick(by, key, need, among, null, failedOn);

    assertThat(picked == null).as("nobody has room").isEqualTo(roomy.isEmpty());
    assertThat(chooser.ranking.saturated()).isEqualTo(among.size() - roomy.size());
    if (picked == null) {
      return false;
    }
    assertThat(picked.connected() && !picked.draining()).isTrue();
    assertThat(ranks).as("has room").containsKey(picked.id());
    if (failedOn.isEmpty()) {
      assertThat(ranks.get(picked.id())).isGreaterThanOrEqualTo(BOUND * best);
    } else if (roomy.size() > 1) {
      assertThat(failedOn).doesNotContain(picked.id());
    }
    assertThat(chooser.ranking.size()).isLessThanOrEqualTo(Ranking.KEPT);
    if (need.resources().cpuMilli() == 1_000) {
      fleet.take(picked);
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource(
      value = Algorithm.class,
      names = {"COMPOSITE", "LEAST_CONNECTIONS", "PRIORITY_QUEUE", "RESOURCE_BASED"})
  void theChoiceAndTheRecordAreThoseOfAFullLook(Algorithm algorithm) {
    for (Requirements need :
        List.of(
            Workers.ANY_SHELL,
            Workers.of(Complexity.MEDIUM),
            Workers.of(Complexity.COMPLEX),
            Workers.of(Complexity.EMERGENCY))) {
      theChoiceAndTheRecordAreThoseOfAFullLook(algorithm, need);
    }
  }

  private void theChoiceAndTheRecordAreThoseOfAFullLook(Algorithm algorithm, Requirements need) {
    for (int seed = 0; seed < 5; seed++) {
      LargeFleet fleet = new LargeFleet(seed, 100 + 700 * seed);
      Preference by = chooser.preference(algorithm, PriorityClass.P4);
      Eligibility among =
          new Eligibility(
              need, List.copyOf(fleet.slots()), new StandardFilter(), chooser.score, 1, 1);
      Ranking ranking = new Ranking();
      for (int i = 0; i < 100; i++) {
        List<WorkerId> expected =
            among.candidates().stream()
                .filter(one -> one.slot.hasRoom("shell", LargeFleet.CORE))
                .sorted(
                    Comparator.comparingDouble((Candidate one) -> rank(by, one, need, 1))
                        .reversed()
                        .thenComparing(one -> one.slot.id()))
                .limit(Ranking.KEPT)
                .map(one -> one.slot.id())
                .toList();
        WorkerSlot picked = ranking.pick(by, 1, need, among, null, List.of());
        assertThat(kept(ranking)).isEqualTo(expected);
        fleet.take(Objects.requireNonNull(picked));
        fleet.giveBack();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void aWorkerThatBecameFreeIsFoundHoweverMuchElseHappened(
      Algorithm algorithm, PriorityClass priority) {
    LargeFleet fleet = new LargeFleet(5, 600);
    Preference by = chooser.preference(algorithm, priority);
    Eligibility among = chooser.eligibility(List.copyOf(fleet.slots()));
    fleet.fill();
    for (int noise : new int[] {0, 1, 100, 1_000, 5_000, 20_000}) {
      assertThat(chooser.pick(by, 1, among, null, List.of())).isNull();
      for (int i = 0; i < noise; i++) {
        WorkerSlot other = fleet.any();
        other.credit().take("shell", LargeFleet.CORE);
        other.credit().giveBack("shell", LargeFleet.CORE);
      }
      fleet.giveBack();
      WorkerSlot picked = chooser.pick(by, 1, among, null, List.of());
      assertThat(picked).as("after %d other changes", noise).isNotNull();
      fleet.take(Objects.requireNonNull(picked));
    }
  }

  @Test
  void aLotAmongManyFollowsTheWeights() {
    List<WorkerSlot> slots =
        IntStream.range(0, 100).mapToObj(i -> Workers.slot(i, i < 50 ? 2 : 6)).toList();
    Eligibility among = chooser.eligibility(slots);
    Preference lot = chooser.preference(Algorithm.DYNAMIC_WEIGHTED, PriorityClass.P2);
    Preference any = chooser.preference(Algorithm.RANDOM_WITH_RETRY, PriorityClass.P2);
    assertThat(shareOfTheLarge(lot, among)).isBetween(0.73, 0.77);
    assertThat(shareOfTheLarge(any, among)).isBetween(0.48, 0.52);
  }

  private double shareOfTheLarge(Preference by, Eligibility among) {
    int large = 0;
    for (int i = 0; i < 8_000; i++) {
      WorkerSlot picked = Objects.requireNonNull(chooser.pick(by, 1, among, null, List.of()));
      large += picked.ordinal() >= 50 ? 1 : 0;
      for (int j = 1; j < chooser.ranking.size(); j++) {
        assertThat(chooser.ranking.score(j)).isBetween(0.0, chooser.ranking.score(j - 1));
      }
    }
    return large / 8_000.0;
  }

  @Test
  void turnsAmongManyGoRound() {
    List<WorkerSlot> slots = IntStream.range(0, 200).mapToObj(i -> Workers.slot(i, 9)).toList();
    Eligibility among = chooser.eligibility(slots);
    Preference turns = chooser.preference(Algorithm.ROUND_ROBIN, PriorityClass.P2);
    for (int round = 0; round < 5; round++) {
      List<WorkerSlot> picks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        picks.add(Objects.requireNonNull(chooser.pick(turns, 1, among, null, List.of())));
      }
      assertThat(picks).doesNotHaveDuplicates();
    }
  }

  @Test
  void otherWeightsHaveAnIndexOfTheirOwn() {
    LargeFleet fleet = new LargeFleet(3, 500);
    Eligibility among = chooser.eligibility(List.copyOf(fleet.slots()));
    ChangeLog changes = new ChangeLog();
    Preference one = new Composite(chooser.score);
    Preference other = new Composite(new FourTermScore(new Weights(0, 1, 0, 0)));
    assertThat(among.index(one, changes)).isSameAs(among.index(one, changes));
    assertThat(among.index(other, changes)).isNotSameAs(among.index(one, changes));
  }

  @Test
  void twoCannotWatchOneWorker() {
    WorkerSlot slot = Workers.slot(1, 1);
    slot.watch(new ChangeLog());
    assertThatThrownBy(() -> slot.watch(new ChangeLog())).isInstanceOf(IllegalStateException.class);
  }

  private static double rank(Preference by, Candidate candidate, Requirements need, int key) {
    return by.rank(candidate, need, candidate.slot.credit().load("shell"), key);
  }

  private static List<WorkerId> kept(Ranking ranking) {
    return IntStream.range(0, ranking.size())
        .mapToObj(i -> ranking.candidate(i).slot.id())
        .toList();
  }

  private Eligibility eligibility(
      Map<Requirements, Eligibility> known, Requirements need, LargeFleet fleet) {
    Eligibility found = known.get(need);
    if (found == null || found.fleetVersion() != fleet.version) {
      found =
          new Eligibility(
              need, fleet.slots(), new StandardFilter(), chooser.score, fleet.version, 1);
      known.put(need, found);
    }
    return found;
  }
}
