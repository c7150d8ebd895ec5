package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.effort.Effort;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Local and the cloud's workers, and tasks that rather run at one of them. */
class PlacePreferenceTest {

  private final FourTermScore score = new FourTermScore(Weights.STANDARD);
  private final Preference byScore = new Composite(score);
  private final Ranking ranking = new Ranking();

  @ParameterizedTest
  @EnumSource(
      value = Complexity.class,
      names = {"SIMPLE", "MEDIUM"})
  void simpleAndMediumWorkFillsLocalWorkersAndSpillsOverToTheCloud(Complexity complexity) {
    WorkerSlot local = worker(2, 1_000_000, false, 2);
    WorkerSlot cloud = worker(1, 1_000_000, true, 2);
    Requirements need = Workers.of(complexity);

    assertThat(placed(need, List.of(local, cloud), 5))
        .containsExactly(local, local, cloud, cloud, null);
    local.credit().giveBack("shell", need.resources());
    assertThat(placed(need, List.of(local, cloud), 1)).containsExactly(local);
  }

  @Test
  void complexWorkGoesToTheCheaperOfTheCloudAndLocalLast() {
    WorkerSlot local = worker(1, 0, false, 1);
    WorkerSlot dear = worker(2, 9_000_000, true, 1);
    WorkerSlot cheap = worker(3, 0, true, 1);

    assertThat(placed(Workers.of(Complexity.COMPLEX), List.of(local, dear, cheap), 4))
        .containsExactly(cheap, dear, local, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 300})
  void whereNoPlaceIsPreferredTheChoiceIsThatOfTheScoreAlone(int size) {
    LargeFleet fleet = new LargeFleet(size, size);
    List<WorkerSlot> slots = List.copyOf(fleet.slots());
    Requirements emergency = Workers.of(Complexity.EMERGENCY);
    Eligibility unsaid = eligibility(Workers.ANY_SHELL, slots);
    Eligibility anywhere = eligibility(emergency, slots);
    for (int i = 0; i < 50; i++) {
      WorkerSlot expected =
          unsaid.candidates().stream()
              .filter(one -> one.slot.hasRoom("shell", LargeFleet.CORE))
              .max(
                  (one, other) ->
                      Double.compare(total(one), total(other)) != 0
                          ? Double.compare(total(one), total(other))
                          : other.slot.id().compareTo(one.slot.id()))
              .orElseThrow()
              .slot;
      assertThat(ranking.pick(byScore, 0, emergency, anywhere, null, List.of()))
          .isEqualTo(expected);
      assertThat(ranking.pick(byScore, 0, Workers.ANY_SHELL, unsaid, null, List.of()))
          .isEqualTo(expected);
      assertThat(ranking.score(0)).isEqualTo(total(unsaid.candidate(expected)));
      fleet.take(expected);
    }
  }

  /** The score as it is without any bonus, to the last bit. */
  private double total(@Nullable Candidate one) {
    Candidate candidate = Objects.requireNonNull(one);
    return score.fixedPart(candidate.capability, candidate.latency, candidate.cost)
        + score.loadPart(candidate.slot.credit().load("shell"));
  }

  @Test
  void aMuchBetterWorkerElsewhereOutweighsThePlaceOnlyWhileTheSumSaysSo() {
    WorkerSlot unskilled =
        Workers.slot(
            Workers.view(
                1, Map.of("SHELL_OPERATIONS", 0), new Site("us", 500, 10_000_000, "USD", false)),
            2);
    WorkerSlot skilled =
        Workers.slot(
            Workers.view(2, Map.of("SHELL_OPERATIONS", 1_000), new Site("us", 0, 0, "USD", true)),
            2);
    assertThat(placed(Workers.of(Complexity.SIMPLE), List.of(unskilled, skilled), 1))
        .containsExactly(skilled);
  }

  @Test
  void theDecisionNamesTheEffortAndEachPlacesTerm() {
    WorkerSlot local = worker(1, 0, false, 2);
    WorkerSlot cloud = worker(2, 5_000_000, true, 2);
    Requirements need = Workers.of(Complexity.COMPLEX);
    placed(need, List.of(local, cloud), 1);
    DecisionBody body = new DecisionBody("standard-1");
    body.placement(new TaskId(1, 2), 1, ranking);
    ranking.pick(
        byScore,
        0,
        Workers.ANY_SHELL,
        eligibility(Workers.ANY_SHELL, List.of(local)),
        null,
        List.of());
    body.placement(new TaskId(1, 3), 1, ranking);

    List<Decision> read = DecisionReader.read(body.document());

    Effort effort = EffortPolicy.STANDARD.said(Complexity.COMPLEX);
    assertThat(read.getFirst().basis().effort()).contains(effort);
    List<ScoredCandidate> candidates = read.getFirst().candidates();
    assertThat(candidates)
        .extracting(ScoredCandidate::worker)
        .containsExactly(cloud.id(), local.id());
    assertThat(candidates.getFirst().bonuses().place().orElseThrow()).isCloseTo(0.75, within(1e-4));
    assertThat(candidates.getLast().bonuses().place().orElseThrow()).isZero();
    ScoredCandidate first = candidates.getFirst();
    double sum =
        0.4 * first.capability() + 0.3 * (1 - 0) + 0.2 * first.latency() + 0.1 * first.cost();
    assertThat(first.score()).isCloseTo((sum + 0.5 * 0.75) / 1.5, within(1e-4));
    assertThat(read.getLast().basis().effort()).isEmpty();
    assertThat(read.getLast().candidates().getFirst().bonuses().place())
        .isEqualTo(OptionalDouble.empty());
  }

  private List<@Nullable WorkerSlot> placed(Requirements need, List<WorkerSlot> slots, int count) {
    Eligibility among = eligibility(need, slots);
    List<@Nullable WorkerSlot> picked = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(
            _ -> {
              WorkerSlot slot = ranking.pick(byScore, 0, need, among, null, List.of());
              if (slot != null) {
                slot.credit().take("shell", need.resources());
              }
              picked.add(slot);
            });
    return picked;
  }

  private Eligibility eligibility(Requirements need, List<WorkerSlot> slots) {
    return new Eligibility(need, slots, new StandardFilter(), score, 1, 1);
  }

  private static WorkerSlot worker(int number, long micros, boolean cloud, int slots) {
    return Workers.slot(
        Workers.view(
            number, Map.of("SHELL_OPERATIONS", 800), new Site("us", 50, micros, "USD", cloud)),
        slots);
  }
}
