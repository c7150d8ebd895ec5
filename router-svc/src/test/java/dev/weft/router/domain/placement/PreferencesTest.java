package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each named algorithm prefers, and what none of them may. */
class PreferencesTest {

  private static final Resources ONE_CORE = new Resources(1_000, 0, 0, 0);
  private final FourTermScore score = new FourTermScore(Weights.STANDARD);
  private final Ranking ranking = new Ranking();

  static Stream<Arguments> everyAlgorithm() {
    return Stream.of(Algorithm.values())
        .flatMap(
            algorithm ->
                Stream.of(PriorityClass.P0, PriorityClass.P4)
                    .map(priority -> Arguments.of(algorithm, priority)));
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void noneTakesAWorkerThatIsIllDrainsIsAwayOrIsFull(Algorithm algorithm, PriorityClass priority) {
    Random random = new Random(11);
    Preference preference = preference(algorithm, priority);
    int placed = 0;
    for (int round = 0; round < 500; round++) {
      List<WorkerSlot> slots = fleet(random);
      Set<WorkerId> fine =
          slots.stream()
              .filter(PreferencesTest::fine)
              .map(WorkerSlot::id)
              .collect(Collectors.toSet());
      Eligibility eligible = eligibility(slots);
      List<WorkerSlot> freed = round % 3 == 0 ? slots.subList(0, slots.size() / 2) : null;
      List<WorkerId> failedOn = round % 2 == 0 ? List.of(slots.getFirst().id()) : List.of();
      WorkerSlot picked =
          ranking.pick(preference, 1 + round, Workers.ANY_SHELL, eligible, freed, failedOn);
      boolean any = freed == null ? !fine.isEmpty() : freed.stream().anyMatch(this::isFine);
      assertThat(picked != null).as("someone who is fine has room").isEqualTo(any);
      if (picked != null) {
        placed++;
        assertThat(fine).contains(picked.id());
        assertThat(recorded().basis().algorithm()).isEqualTo(algorithm.name());
        assertThat(recorded().winner()).contains(picked.id());
      }
    }
    assertThat(placed).isGreaterThan(200);
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void aRetryGoesToAnotherWorkerWhereThereIsOne(Algorithm algorithm, PriorityClass priority) {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 4), Workers.slot(2, 4), Workers.slot(3, 4));
    List<WorkerId> failedOn = List.of(Workers.id(1), Workers.id(3));
    Preference preference = preference(algorithm, priority);
    for (int i = 1; i < 50; i++) {
      WorkerSlot picked =
          ranking.pick(preference, i, Workers.ANY_SHELL, eligibility(slots), null, failedOn);
      assertThat(Objects.requireNonNull(picked).id()).isEqualTo(Workers.id(2));
    }
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void aPickAllocatesNothing(Algorithm algorithm, PriorityClass priority) {
    List<WorkerSlot> slots = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      slots.add(Workers.slot(i, 4));
    }
    Preference preference = preference(algorithm, priority);
    Eligibility all = eligibility(slots);
    manyPicks(preference, all);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    manyPicks(preference, all);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes).as("bytes of 1,000 picks").isLessThan(1_000);
  }

  private void manyPicks(Preference preference, Eligibility among) {
    for (int i = 1; i <= 1_000; i++) {
      ranking.pick(preference, i, Workers.ANY_SHELL, among, null, List.of());
    }
  }

  @Test
  void leastConnectionsCountsWhatIsOpen() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 9), Workers.slot(2, 9), Workers.slot(3, 9));
    take(slots.get(0), 2);
    take(slots.get(1), 1);
    take(slots.get(2), 3);
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
    Set<WorkerId> homes = new java.util.HashSet<>();
    for (int key = 1; key < 100; key++) {
      WorkerSlot first = pick(hash, key, slots);
      assertThat(pick(hash, key, slots)).isEqualTo(first);
      homes.add(first.id());
    }
    assertThat(homes).hasSize(3);
  }

  @Test
  void urgentWorkGetsTheEmptiestAndOtherWorkLeavesWholeWorkersFree() {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 4), Workers.slot(2, 4), Workers.slot(3, 4));
    take(slots.get(0), 3);
    take(slots.get(1), 4);
    assertThat(pick(preference(Algorithm.PRIORITY_QUEUE, PriorityClass.P0), 1, slots))
        .isEqualTo(slots.get(2));
    assertThat(pick(preference(Algorithm.PRIORITY_QUEUE, PriorityClass.P4), 1, slots))
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
    take(quick, 8);
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
    Preferences standard = new Preferences(AlgorithmTable.STANDARD, score, new Random(1));
    for (PriorityClass priority : PriorityClass.values()) {
      assertThat(standard.of(executor, priority).algorithm()).isEqualTo(algorithm);
    }
  }

  private double weight(WorkerSlot slot) {
    return DynamicWeighted.weight(new Candidate(slot, Workers.ANY_SHELL, score), Workers.ANY_SHELL);
  }

  private Decision recorded() {
    DecisionBody body = new DecisionBody("standard-1");
    body.placement(new TaskId(1, 2), 1, ranking);
    return DecisionReader.read(body.document()).getFirst();
  }

  private Preference preference(Algorithm algorithm, PriorityClass priority) {
    if (algorithm == Algorithm.AFFINITY) {
      return new Preferences(AlgorithmTable.STANDARD, score, new Random(3)).affinity();
    }
    AlgorithmTable table = AlgorithmTable.STANDARD.with(List.of("shell=" + algorithm));
    return new Preferences(table, score, new Random(3)).of("shell", priority);
  }

  private WorkerSlot pick(Algorithm algorithm, List<WorkerSlot> slots) {
    return pick(preference(algorithm, PriorityClass.P2), 1, slots);
  }

  private WorkerSlot pick(Preference preference, int key, List<WorkerSlot> slots) {
    return Objects.requireNonNull(
        ranking.pick(preference, key, Workers.ANY_SHELL, eligibility(slots), null, List.of()));
  }

  private List<Integer> picks(Preference preference, List<WorkerSlot> slots, int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add((int) pick(preference, 1, slots).id().uuid().getLeastSignificantBits());
    }
    return numbers;
  }

  private static void take(WorkerSlot slot, int count) {
    for (int i = 0; i < count; i++) {
      slot.credit().take("shell", ONE_CORE);
    }
  }

  private Eligibility eligibility(List<WorkerSlot> slots) {
    return new Eligibility(Workers.ANY_SHELL, slots, new StandardFilter(), score, 1, 1);
  }

  private boolean isFine(WorkerSlot slot) {
    return fine(slot);
  }

  private static boolean fine(WorkerSlot slot) {
    return slot.connected()
        && !slot.draining()
        && !slot.held()
        && Objects.requireNonNull(slot.view()).verdict().status() == Verdict.Status.READY
        && slot.credit().used("shell") < slot.credit().capacity().slots("shell");
  }

  private static List<WorkerSlot> fleet(Random random) {
    Verdict.Status[] states = Verdict.Status.values();
    List<WorkerSlot> slots = new ArrayList<>();
    int size = 1 + random.nextInt(20);
    for (int i = 0; i < size; i++) {
      WorkerSlot slot = Workers.slot(i, 3);
      slot.credit().capacity(new Capacity(2, ample(), Map.of("shell", random.nextInt(4))));
      take(slot, random.nextInt(4));
      slot.connected(random.nextInt(5) > 0);
      slot.draining(random.nextInt(5) == 0);
      slot.held(random.nextInt(5) == 0);
      Verdict.Status state =
          random.nextBoolean() ? Verdict.Status.READY : states[random.nextInt(states.length)];
      slot.view(Objects.requireNonNull(slot.view()).with(new Verdict(state, "")));
      slot.responses().add("shell", random.nextInt(2_000));
      slots.add(slot);
    }
    return slots;
  }

  private static Resources ample() {
    return new Resources(8_000, 64L << 30, 64L << 30, 0);
  }
}
