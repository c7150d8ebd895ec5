package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The workers that serve a shard, and what that counts for. */
class WorkerGroupTest {

  private static final Resources CORE = Workers.ANY_SHELL.resources();

  private final FourTermScore score = new FourTermScore(Weights.STANDARD);
  private final Preference byScore = new Composite(score);
  private final Ranking ranking = new Ranking();

  @Test
  void aWorkerThatJoinsChangesAGroupByItselfAlone() {
    List<WorkerSlot> before = workers(99);
    List<WorkerSlot> after = workers(100);
    int changed = 0;
    for (int shard = 1; shard <= 1_000; shard++) {
      List<WorkerId> old = ids(WorkerGroup.serving(shard, before, 8));
      List<WorkerId> now = ids(WorkerGroup.serving(shard, after, 8));
      Set<WorkerId> come = new HashSet<>(now);
      old.forEach(come::remove);
      Set<WorkerId> gone = new HashSet<>(old);
      now.forEach(gone::remove);
      if (!come.isEmpty()) {
        assertThat(come).containsExactly(Workers.id(100));
        assertThat(gone).containsExactly(old.getLast());
        changed++;
      }
    }
    // 8 of 100.
    assertThat(changed).isBetween(50, 115);
  }

  @Test
  void theShardsAreSpreadOverAllWorkers() {
    List<WorkerSlot> workers = workers(50);
    Map<WorkerId, Integer> shards = new HashMap<>();
    for (int shard = 1; shard <= 1_000; shard++) {
      ids(WorkerGroup.serving(shard, workers, 8)).forEach(id -> shards.merge(id, 1, Integer::sum));
    }

    // 160 each on average.
    assertThat(shards).hasSize(50);
    assertThat(shards.values()).allSatisfy(count -> assertThat(count).isBetween(110, 215));
  }

  @Test
  void whoIsAwayOrDrainsServesNobody() {
    List<WorkerSlot> workers = workers(9);
    workers.get(0).connected(false);
    workers.get(1).draining(true);
    workers.get(2).view(null);

    assertThat(WorkerGroup.serving(1, workers, 8))
        .containsExactlyInAnyOrderElementsOf(workers.subList(3, 9));
  }

  @Test
  void filesAndGroupTogetherStayWithinOne() {
    WorkerSlot both = Workers.slot(1, 4);
    WorkerSlot neither = Workers.slot(2, 4);
    Leanings leanings =
        new Leanings(new FileHolders(List.of(both.id())), new WorkerGroup(3, List.of(both.id())));

    pick(List.of(both, neither), leanings, List.of());

    double plain = plain(ranking.candidate(0));
    assertThat(ranking.score(0)).isCloseTo((plain + 0.75) / 1.75, within(1e-9));
    assertThat(ranking.score(1)).isCloseTo(plain / 1.75, within(1e-9));
    assertThat(ranking.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 40, 300})
  void theChoiceIsTheExactMaximumAndTheRecordIsInOrder(int size) {
    LargeFleet fleet = new LargeFleet(size, size);
    Random random = fleet.random;
    for (int round = 0; round < 300; round++) {
      fleet.event();
      List<WorkerSlot> slots = List.copyOf(fleet.slots());
      Leanings leanings = new Leanings(files(random, size), group(random, size));
      List<WorkerId> avoid =
          random.nextInt(4) == 0 ? List.of(Workers.id(1 + random.nextInt(size))) : List.of();

      WorkerSlot picked = pick(slots, leanings, avoid);

      List<Candidate> roomy =
          ranking.eligibility().candidates().stream()
              .filter(one -> one.slot.hasRoom("shell", CORE))
              .sorted(
                  Comparator.comparingDouble((Candidate one) -> -leanings.score(one, plain(one)))
                      .thenComparing(one -> one.slot.id()))
              .toList();
      WorkerSlot expected =
          roomy.stream()
              .map(one -> one.slot)
              .filter(slot -> !avoid.contains(slot.id()))
              .findFirst()
              .orElse(roomy.isEmpty() ? null : roomy.getFirst().slot);
      assertThat(picked).isEqualTo(expected);
      List<Double> ranks = IntStream.range(0, ranking.size()).mapToObj(ranking::score).toList();
      assertThat(ranks).isSortedAccordingTo(Comparator.reverseOrder());
    }
  }

  private static FileHolders files(Random random, int size) {
    return new FileHolders(some(random, size, random.nextInt(4)));
  }

  private static WorkerGroup group(Random random, int size) {
    List<WorkerId> some = some(random, size, random.nextInt(9));
    return some.isEmpty() ? WorkerGroup.NONE : new WorkerGroup(1, some);
  }

  private static List<WorkerId> some(Random random, int size, int count) {
    return random
        .ints(1, size + 1)
        .distinct()
        .limit(Math.min(count, size))
        .mapToObj(Workers::id)
        .toList();
  }

  private double plain(Candidate one) {
    return byScore.rank(one, Workers.ANY_SHELL, one.slot.credit().load("shell"), 0);
  }

  private @Nullable WorkerSlot pick(
      List<WorkerSlot> slots, Leanings leanings, List<WorkerId> avoid) {
    Eligibility among =
        new Eligibility(Workers.ANY_SHELL, slots, new StandardFilter(), score, 1, 1);
    return ranking.pick(byScore, 0, Workers.ANY_SHELL, among, null, avoid, leanings);
  }

  private static List<WorkerSlot> workers(int count) {
    List<WorkerSlot> all = new ArrayList<>();
    IntStream.rangeClosed(1, count).forEach(number -> all.add(Workers.slot(number, 4)));
    return all;
  }

  private static List<WorkerId> ids(List<WorkerSlot> slots) {
    return slots.stream().map(WorkerSlot::id).toList();
  }
}
