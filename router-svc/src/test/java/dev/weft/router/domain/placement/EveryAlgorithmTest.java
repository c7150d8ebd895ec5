package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.router.domain.fleet.Capacity;
import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.PriorityClass;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no algorithm may. */
class EveryAlgorithmTest {

  private final Chooser chooser = new Chooser();

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
    Preference preference = chooser.preference(algorithm, priority);
    int placed = 0;
    for (int round = 0; round < 500; round++) {
      List<WorkerSlot> slots = fleet(random);
      Set<WorkerId> fine =
          slots.stream()
              .filter(EveryAlgorithmTest::fine)
              .map(WorkerSlot::id)
              .collect(Collectors.toSet());
      Eligibility eligible = chooser.eligibility(slots);
      List<WorkerSlot> freed = round % 3 == 0 ? slots.subList(0, slots.size() / 2) : null;
      List<WorkerId> failedOn = round % 2 == 0 ? List.of(slots.getFirst().id()) : List.of();
      WorkerSlot picked = chooser.pick(preference, 1 + round, eligible, freed, failedOn);
      boolean any =
          freed == null ? !fine.isEmpty() : freed.stream().anyMatch(EveryAlgorithmTest::fine);
      assertThat(picked != null).as("someone who is fine has room").isEqualTo(any);
      if (picked != null) {
        placed++;
        assertThat(fine).contains(picked.id());
        assertThat(chooser.recorded().basis().algorithm()).isEqualTo(algorithm.name());
        assertThat(chooser.recorded().winner()).contains(picked.id());
      }
    }
    assertThat(placed).isGreaterThan(200);
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void aRetryGoesToAnotherWorkerWhereThereIsOne(Algorithm algorithm, PriorityClass priority) {
    List<WorkerSlot> slots = List.of(Workers.slot(1, 4), Workers.slot(2, 4), Workers.slot(3, 4));
    List<WorkerId> failedOn = List.of(Workers.id(1), Workers.id(3));
    Preference preference = chooser.preference(algorithm, priority);
    for (int i = 1; i < 50; i++) {
      WorkerSlot picked = chooser.pick(preference, i, chooser.eligibility(slots), null, failedOn);
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
    Preference preference = chooser.preference(algorithm, priority);
    Eligibility all = chooser.eligibility(slots);
    manyPicks(preference, all);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    manyPicks(preference, all);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes).as("bytes of 1,000 picks").isLessThan(1_000);
  }

  private void manyPicks(Preference preference, Eligibility among) {
    for (int i = 1; i <= 1_000; i++) {
      chooser.pick(preference, i, among, null, List.of());
    }
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
      Chooser.take(slot, random.nextInt(4));
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
