package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each named algorithm prefers. */
class PreferencesTest {

  private final Chooser chooser = new Chooser();

  @Test
  void leastConnectionsCountsWhatIsOpen() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 9), Workers.slot(2, 9), Workers.slot(3, 9));
    Chooser.take(slots.get(0), 2);
    Chooser.take(slots.get(1), 1);
    Chooser.take(slots.get(2), 3);
    assertThat(pick(Algorithm.LEAST_CONNECTIONS, slots)).isEqualTo(slots.get(1));
  }

  @Test
  void turnsSkipWhoIsFullAndTakeInWhoJoins() {
    Preference turns = preference(Algorithm.ROUND_ROBIN, PriorityClass.P2);
    List<WorkerSlot> slots = new ArrayList<>(List.of(Workers.slot(1, 9), Workers.slot(2, 9)));
    assertThat(picks(turns, slots, 3)).containsExactly(1, 2, 1);
    slots.getLast().held(true);
    assertThat(picks(turns, slots, 2)).containsExactly(1, 1);
    slots.getLast().held(false);
    slots.add(Workers.slot(3, 9));
    assertThat(picks(turns, slots, 6)).containsExactly(2, 3, 1, 2, 3, 1);
  }

  @Test
  void weightedTurnsFollowTheSlots() {
    Preference turns = preference(Algorithm.WEIGHTED_ROUND_ROBIN, PriorityClass.P2);
    List<WorkerSlot> slots = List.of(Workers.slot(1, 1), Workers.slot(2, 2), Workers.slot(3, 4));
    Map<Integer, Long> counts =
        picks(turns, slots, 700).stream()
            .collect(Collectors.groupingBy(number -> number, Collectors.counting()));
    assertThat((double) counts.get(1)).isCloseTo(100, within(2.0));
    assertThat((double) counts.get(2)).isCloseTo(200, within(2.0));
    assertThat((double) counts.get(3)).isCloseTo(400, within(2.0));
  }

  @Test
  void consistentHashStaysWithItsKey() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 9), Workers.slot(2, 9), Workers.slot(3, 9));
    Preference hash = preference(Algorithm.CONSISTENT_HASH, PriorityClass.P2);
    Set<WorkerId> homes = new HashSet<>();
    for (int key = 1; key < 100; key++) {
      WorkerSlot first = chooser.pick(hash, key, slots);
      assertThat(chooser.pick(hash, key, slots)).isEqualTo(first);
      homes.add(first.id());
    }
    assertThat(homes).hasSize(3);
  }

  @Test
  void urgentWorkGetsTheEmptiestAndOtherWorkLeavesWholeWorkersFree() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 4), Workers.slot(2, 4), Workers.slot(3, 4));
    Chooser.take(slots.get(0), 3);
    Chooser.take(slots.get(1), 4);
    assertThat(chooser.pick(preference(Algorithm.PRIORITY_QUEUE, PriorityClass.P0), 1, slots))
        .isEqualTo(slots.get(2));
    assertThat(chooser.pick(preference(Algorithm.PRIORITY_QUEUE, PriorityClass.P4), 1, slots))
        .isEqualTo(slots.get(0));
  }

  @Test
  void anyWorkerIsAsLikely() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 9), Workers.slot(2, 1), Workers.slot(3, 5));
    Preference any = preference(Algorithm.RANDOM_WITH_RETRY, PriorityClass.P2);
    Map<Integer, Long> counts =
        picks(any, slots, 3_000).stream()
            .collect(Collectors.groupingBy(number -> number, Collectors.counting()));
    assertThat(counts.values()).allMatch(count -> count > 850 && count < 1_150);
  }

  @Test
  void leastResponseTimeWeighsMeanWayAndWhatIsOpen() {
    WorkerSlot slow = Workers.slot(1, 9);
    WorkerSlot quick = Workers.slot(2, 9);
    slow.responses().add("shell", 900);
    quick.responses().add("shell", 100);
    List<WorkerSlot> slots = List.of(slow, quick);
    assertThat(pick(Algorithm.LEAST_RESPONSE_TIME, slots)).isEqualTo(quick);
    Chooser.take(quick, 8);
    assertThat(pick(Algorithm.LEAST_RESPONSE_TIME, slots)).as("quick, but busy").isEqualTo(slow);
    WorkerSlot far =
        Workers.slot(Workers.view(3, Map.of(), new Site("ap", 400, 1_000_000, "USD")), 9);
    WorkerSlot near = Workers.slot(4, 9);
    assertThat(pick(Algorithm.LEAST_RESPONSE_TIME, List.of(far, near))).isEqualTo(near);
  }

  @Test
  void resourceBasedGoesByTheScarcerOfCpuAndMemory() {
    WorkerSlot busyCpu = Workers.slot(1, 8);
    WorkerSlot busyMemory = Workers.slot(2, 8);
    WorkerSlot half = Workers.slot(3, 8);
    busyCpu.credit().take("noop", new Resources(6_000, 0, 0, 0));
    busyMemory.credit().take("noop", new Resources(0, 60L << 30, 0, 0));
    half.credit().take("noop", new Resources(4_000, 32L << 30, 0, 0));
    assertThat(pick(Algorithm.RESOURCE_BASED, List.of(busyCpu, busyMemory, half))).isEqualTo(half);
  }

  @Test
  void theDynamicWeightIsTheProductOfItsTermsAndNeverBelowItsFloor() {
    WorkerSlot slot = Workers.slot(1, 10);
    slot.credit().take("shell", new Resources(5_000, 32L << 30, 0, 0));
    slot.responses().add("shell", 1_000);
    assertThat(weight(slot)).isCloseTo(10 * 0.5 * 0.5 / 2 / 1.1, within(1e-9));
    slot.credit().take("noop", new Resources(5_000, 0, 0, 0));
    assertThat(weight(slot)).isEqualTo(0.1);
  }

  @Test
  void theDynamicLotFollowsTheWeights() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 2), Workers.slot(2, 6));
    Preference lot = preference(Algorithm.DYNAMIC_WEIGHTED, PriorityClass.P2);
    List<Integer> picks = picks(lot, slots, 4_000);
    assertThat(picks.stream().filter(number -> number == 2).count()).isBetween(2_880L, 3_120L);
  }

  @ParameterizedTest
  @CsvSource({
    "llm, LEAST_CONNECTIONS",
    "browser, ROUND_ROBIN",
    "speech, WEIGHTED_ROUND_ROBIN",
    "session, CONSISTENT_HASH",
    "email, PRIORITY_QUEUE",
    "cron, RANDOM_WITH_RETRY",
    "voice, LEAST_RESPONSE_TIME",
    "system, RESOURCE_BASED",
    "shell, COMPOSITE",
    "noop, COMPOSITE"
  })
  void theMatrixIsTheDefault(String executor, Algorithm algorithm) {
    Preferences standard = new Preferences(AlgorithmTable.STANDARD, Chooser.SCORES, new Random(1));
    for (PriorityClass priority : PriorityClass.values()) {
      assertThat(standard.of(executor, priority).algorithm()).isEqualTo(algorithm);
    }
  }

  private double weight(WorkerSlot slot) {
    return DynamicWeighted.weight(
        new Candidate(slot, Workers.ANY_SHELL, chooser.score), Workers.ANY_SHELL);
  }

  private Preference preference(Algorithm algorithm, PriorityClass priority) {
    return chooser.preference(algorithm, priority);
  }

  private WorkerSlot pick(Algorithm algorithm, List<WorkerSlot> slots) {
    return chooser.pick(preference(algorithm, PriorityClass.P2), 1, slots);
  }

  private List<Integer> picks(Preference preference, List<WorkerSlot> slots, int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add((int) chooser.pick(preference, 1, slots).id().uuid().getLeastSignificantBits());
    }
    return numbers;
  }
}
