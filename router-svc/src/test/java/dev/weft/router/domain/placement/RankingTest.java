package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.fleet.WorkerView;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {

  private static final Resources ONE_CORE = new Resources(1_000, 0, 0, 0);
  private final FourTermScore score = new FourTermScore(Weights.STANDARD);
  private final Composite byScore = new Composite(score);
  private final Ranking ranking = new Ranking();

  @Test
  void theChoiceIsTheExactMaximumAndTheRecordHoldsTheBestEight() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      List<WorkerSlot> slots = fleet(random, 1 + random.nextInt(40));
      Eligibility eligibility = eligibility(Workers.ANY_SHELL, slots);
      List<WorkerSlot> expected =
          slots.stream()
              .filter(slot -> slot.hasRoom("shell", ONE_CORE))
              .sorted(
                  Comparator.comparingDouble(this::total).reversed().thenComparing(WorkerSlot::id))
              .limit(Ranking.KEPT)
              .toList();
      WorkerSlot picked = ranking.pick(byScore, 0, Workers.ANY_SHELL, eligibility, null, List.of());
      assertThat(picked).isEqualTo(expected.isEmpty() ? null : expected.getFirst());
      List<WorkerSlot> kept = new ArrayList<>();
      for (int i = 0; i < ranking.size(); i++) {
        kept.add(ranking.candidate(i).slot);
      }
      assertThat(kept).isEqualTo(expected);
    }
  }

  @Test
  void anAvoidedWorkerIsTakenOnlyIfNoOtherHasRoom() {
    WorkerSlot better = Workers.slot(worker(1, 900), 1);
    WorkerSlot worse = Workers.slot(worker(2, 100), 1);
    Eligibility both = eligibility(Workers.ANY_SHELL, List.of(better, worse));
    List<WorkerId> avoid = List.of(better.id());
    assertThat(ranking.pick(byScore, 0, Workers.ANY_SHELL, both, null, avoid)).isEqualTo(worse);
    worse.credit().take("shell", ONE_CORE);
    assertThat(ranking.pick(byScore, 0, Workers.ANY_SHELL, both, null, avoid)).isEqualTo(better);
  }

  @Test
  void avoidedOnesDoNotHideTheNinthBest() {
    List<WorkerSlot> slots = new ArrayList<>();
    List<WorkerId> avoid = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      slots.add(Workers.slot(worker(i, 900), 1));
      avoid.add(Workers.id(i));
    }
    WorkerSlot ninth = Workers.slot(worker(9, 10), 1);
    slots.add(ninth);
    Eligibility all = eligibility(Workers.ANY_SHELL, slots);
    assertThat(ranking.pick(byScore, 0, Workers.ANY_SHELL, all, null, avoid)).isEqualTo(ninth);
  }

  @Test
  void aDecisionIsReadBackAsItWasMade() {
    WorkerSlot good = Workers.slot(worker(1, 900), 4);
    WorkerSlot fair = Workers.slot(worker(2, 300), 4);
    WorkerSlot full = Workers.slot(worker(3, 990), 0 + 1);
    full.credit().take("shell", ONE_CORE);
    WorkerSlot away = Workers.slot(4, 4);
    away.connected(false);
    fair.credit().take("shell", ONE_CORE);
    Eligibility eligibility = eligibility(Workers.ANY_SHELL, List.of(good, fair, full, away));
    TaskId task = new TaskId(1, 2);
    DecisionBody body = new DecisionBody("standard-1");
    ranking.pick(byScore, 0, Workers.ANY_SHELL, eligibility, null, List.of());
    body.placement(task, 3, ranking);
    body.placement(new TaskId(1, 3), 1, ranking);

    List<Decision> read = DecisionReader.read(body.document());

    assertThat(read).hasSize(2);
    Decision first = read.getFirst();
    assertThat(first.task()).contains(task);
    assertThat(first.attempt()).isEqualTo(3);
    assertThat(first.winner()).contains(good.id());
    assertThat(first.basis())
        .isEqualTo(new Decision.Basis("COMPOSITE", "standard-1", 42, Optional.empty(), 0));
    assertThat(first.candidates())
        .extracting(ScoredCandidate::worker)
        .containsExactly(good.id(), fair.id());
    ScoredCandidate second = first.candidates().get(1);
    assertThat(second.capability()).isCloseTo(0.3, within(1e-4));
    assertThat(second.load()).isCloseTo(0.75, within(1e-4));
    assertThat(second.score()).isCloseTo(total(fair), within(1e-4));
    assertThat(first.rejections())
        .extracting(Rejection::reason, Rejection::count, Rejection::example)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(RejectReason.NOT_CONNECTED, 1, away.id()),
            org.assertj.core.groups.Tuple.tuple(RejectReason.SATURATED, 1, full.id()));
    assertThat(body.document().size()).as("compact").isLessThan(280);
  }

  @Test
  void whyAShapeWaitsIsReadBack() {
    Requirements need = Workers.in("eu");
    Eligibility none = eligibility(need, List.of(Workers.slot(1, 4), Workers.slot(2, 4)));
    DecisionBody body = new DecisionBody("standard-1");
    body.waiting(none, Remedy.of(need, none));

    Decision read = DecisionReader.read(body.document()).getFirst();

    assertThat(read.winner()).isEqualTo(Optional.empty());
    assertThat(read.task()).isEmpty();
    assertThat(read.remedy()).startsWith("join a worker with executor shell, region eu");
    assertThat(read.rejections())
        .singleElement()
        .satisfies(rejection -> assertThat(rejection.count()).isEqualTo(2));
  }

  @Test
  void theRemedyNamesWhatIsMissingOrWhomToWaitFor() {
    Requirements coding = Workers.shell(List.of(new CapabilityNeed("CODING", 900)));
    assertThat(Remedy.of(coding, eligibility(coding, List.of())))
        .contains("join a worker with", "capability CODING >= 0.9", "sandbox level >= BUBBLEWRAP");
    Eligibility three =
        eligibility(
            Workers.ANY_SHELL, List.of(Workers.slot(1, 1), Workers.slot(2, 1), Workers.slot(3, 1)));
    assertThat(Remedy.of(Workers.ANY_SHELL, three)).isEqualTo("wait: 3 workers fit but are full");
    WorkerSlot away = Workers.slot(1, 1);
    away.connected(false);
    assertThat(Remedy.of(Workers.ANY_SHELL, eligibility(Workers.ANY_SHELL, List.of(away))))
        .startsWith("wait: 1 worker would fit (no work stream), or join");
  }

  @Test
  void aMissingQueueIsNamedInWhyAndRemedy() {
    Requirements review = Workers.in(new Destination("review", ""));
    Eligibility none = eligibility(review, List.of(Workers.slot(1, 4), Workers.slot(2, 4)));
    DecisionBody body = new DecisionBody("standard-1");
    body.waiting(none, Remedy.of(review, none));

    Decision read = DecisionReader.read(body.document()).getFirst();

    assertThat(read.remedy())
        .startsWith("join a worker that serves the queue review, with executor shell");
    assertThat(read.rejections())
        .extracting(Rejection::reason, Rejection::count, Rejection::detail)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                RejectReason.QUEUE, 2, "serves queues [default] (needed: review)"));
  }

  private double total(WorkerSlot slot) {
    WorkerView view = java.util.Objects.requireNonNull(slot.view());
    return score.fixedPart(
            score.capability(Workers.ANY_SHELL, view), score.latency(view), score.cost(view))
        + score.loadPart(slot.credit().load("shell"));
  }

  private Eligibility eligibility(Requirements need, List<WorkerSlot> slots) {
    return new Eligibility(need, slots, new StandardFilter(), score, 1, 42);
  }

  private static WorkerView worker(int number, int proficiency) {
    return Workers.view(
        number, Map.of("SHELL_OPERATIONS", proficiency), new Site("us", 50, 1_000_000, "USD"));
  }

  private static List<WorkerSlot> fleet(Random random, int size) {
    List<WorkerSlot> slots = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      WorkerView view =
          Workers.view(
              i,
              Map.of("SHELL_OPERATIONS", random.nextInt(3) * 300),
              new Site("us", random.nextInt(3) * 300, random.nextInt(3) * 6_000_000L, "USD"));
      WorkerSlot slot = Workers.slot(view, 2);
      for (int used = random.nextInt(3); used > 0; used--) {
        slot.credit().take("shell", ONE_CORE);
      }
      slots.add(slot);
    }
    return slots;
  }
}
