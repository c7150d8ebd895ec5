package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Verdict;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which worker a key prefers, and what becomes of that when the fleet changes. */
class RendezvousTest {

  private static final int KEYS = 8_000;
  private static final Resources ONE_CORE = new Resources(1_000, 0, 0, 0);

  private final FourTermScore score = new FourTermScore(Weights.STANDARD);
  private final Rendezvous byKey = new Rendezvous(Algorithm.AFFINITY);
  private final Ranking ranking = new Ranking();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 20, 100})
  void aWorkerThatJoinsTakesItsShareAndNothingElseMoves(int before) {
    List<WorkerSlot> slots = fleet(before);
    Map<String, WorkerId> old = homes(slots);
    WorkerSlot joined = worker(before);
    slots.add(joined);

    Map<String, WorkerId> now = homes(slots);

    long moved = now.keySet().stream().filter(key -> !now.get(key).equals(old.get(key))).count();
    assertThat(now.keySet().stream().filter(key -> !now.get(key).equals(old.get(key))))
        .allSatisfy(key -> assertThat(now.get(key)).isEqualTo(joined.id()));
    double share = (double) KEYS / (before + 1);
    double spread = 5 * Math.sqrt(share * before / (before + 1));
    assertThat((double) moved).isBetween(share - spread, share + spread);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 20, 100})
  void ofAWorkerThatLeavesOnlyItsOwnKeysMoveAndSpreadOverTheRest(int before) {
    List<WorkerSlot> slots = fleet(before);
    Map<String, WorkerId> old = homes(slots);
    WorkerId gone = slots.removeFirst().id();

    Map<String, WorkerId> now = homes(slots);

    Map<WorkerId, Integer> heirs = new HashMap<>();
    old.forEach(
        (key, home) -> {
          if (home.equals(gone)) {
            heirs.merge(now.get(key), 1, Integer::sum);
          } else {
            assertThat(now.get(key)).isEqualTo(home);
          }
        });
    assertThat(heirs.size()).isGreaterThan((before - 1) / 2);
  }

  @Test
  void keysSpreadEvenlyOverTenThousandWorkers() {
    List<WorkerSlot> slots = fleet(10_000);
    Map<WorkerId, Integer> homes = new HashMap<>();
    Eligibility all = eligibility(slots);
    for (int i = 0; i < 500; i++) {
      homes.merge(pick(all, "key-" + i), 1, Integer::sum);
    }
    assertThat(homes.size()).isGreaterThan(450);
  }

  @Test
  void aFavouriteThatIsFullDrainsOrIsNotWellIsPassedOverForTheNextAndFoundAgain() {
    List<WorkerSlot> slots = fleet(5);
    WorkerId favourite = pick(eligibility(slots), "session-1");
    WorkerSlot slot = slotOf(slots, favourite);
    List<WorkerSlot> others = slots.stream().filter(one -> one != slot).toList();
    WorkerId next = pick(eligibility(others), "session-1");

    slot.credit().take("shell", ONE_CORE);
    slot.credit().take("shell", ONE_CORE);
    assertThat(pick(eligibility(slots), "session-1")).as("full").isEqualTo(next);
    slot.credit().giveBack("shell", ONE_CORE);
    assertThat(pick(eligibility(slots), "session-1")).as("room again").isEqualTo(favourite);
    slot.held(true);
    assertThat(pick(eligibility(slots), "session-1")).as("held").isEqualTo(next);
    slot.held(false);
    slot.draining(true);
    assertThat(pick(eligibility(slots), "session-1")).as("drains").isEqualTo(next);
    slot.draining(false);
    slot.view(
        Objects.requireNonNull(slot.view()).with(new Verdict(Verdict.Status.UNHEALTHY, "ill")));
    assertThat(pick(eligibility(slots), "session-1")).as("unhealthy").isEqualTo(next);
  }

  @Test
  void theChoiceNamesAffinityAndTheOrderItSpillsIn() {
    List<WorkerSlot> slots = fleet(3);
    WorkerId favourite = pick(eligibility(slots), "session-1");
    DecisionBody body = new DecisionBody("standard-1");
    body.placement(new TaskId(1, 2), 1, ranking);

    Decision read = DecisionReader.read(body.document()).getFirst();

    assertThat(read.basis().algorithm()).isEqualTo("AFFINITY");
    assertThat(read.winner()).contains(favourite);
    assertThat(read.candidates()).hasSize(3);
    assertThat(read.candidates())
        .extracting(ScoredCandidate::score)
        .isSortedAccordingTo((one, other) -> Double.compare(other, one));
  }

  @Test
  void aWorkerOnWhichTheTaskFailedIsAvoidedThoughItsKeyPrefersIt() {
    List<WorkerSlot> slots = fleet(4);
    Eligibility all = eligibility(slots);
    WorkerId favourite = pick(all, "session-1");
    WorkerSlot other =
        Objects.requireNonNull(
            ranking.pick(
                byKey, code("session-1"), Workers.ANY_SHELL, all, null, List.of(favourite)));
    assertThat(other.id()).isNotEqualTo(favourite);
  }

  @Test
  void keysOfTwoTenantsAreNotTheSameKey() {
    int same = 0;
    for (int i = 0; i < 1_000; i++) {
      same += Affinity.of("acme", "k" + i).equals(Affinity.of("umbrella", "k" + i)) ? 1 : 0;
    }
    assertThat(same).isLessThan(5);
    assertThat(Affinity.of("acme", "")).isEqualTo(Affinity.NONE);
    assertThat(Affinity.of("a", "bc")).isNotEqualTo(Affinity.of("ab", "c"));
  }

  /** Rows of tasks hold it, so it must not change between builds. */
  @Test
  void aKeysNumberIsTheSameForEver() {
    assertThat(Affinity.of("acme", "session-1").code()).isEqualTo(46778);
  }

  private Map<String, WorkerId> homes(List<WorkerSlot> slots) {
    Eligibility all = eligibility(slots);
    Map<String, WorkerId> homes = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      homes.put("key-" + i, pick(all, "key-" + i));
    }
    return homes;
  }

  private WorkerId pick(Eligibility among, String key) {
    WorkerSlot picked = ranking.pick(byKey, code(key), Workers.ANY_SHELL, among, null, List.of());
    return Objects.requireNonNull(picked, "somebody has room").id();
  }

  private static int code(String key) {
    return Affinity.of("acme", key).code();
  }

  private static WorkerSlot slotOf(List<WorkerSlot> slots, WorkerId id) {
    return slots.stream().filter(slot -> slot.id().equals(id)).findFirst().orElseThrow();
  }

  private Eligibility eligibility(List<WorkerSlot> slots) {
    return new Eligibility(Workers.ANY_SHELL, slots, new StandardFilter(), score, 1, 1);
  }

  private static List<WorkerSlot> fleet(int size) {
    List<WorkerSlot> slots = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      slots.add(worker(i));
    }
    return slots;
  }

  private static WorkerSlot worker(int number) {
    WorkerSlot slot =
        new WorkerSlot(new WorkerId(new UUID(0x7000_0000_0000_7000L + number, number)), number);
    slot.view(Workers.view(number));
    slot.connected(true);
    slot.credit().capacity(Workers.capacity(2));
    return slot;
  }
}
