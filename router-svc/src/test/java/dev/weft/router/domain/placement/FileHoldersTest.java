package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.WorkerId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks whose files some workers have already. */
class FileHoldersTest {

  private static final Resources CORE = Workers.ANY_SHELL.resources();

  private final FourTermScore score = new FourTermScore(Weights.STANDARD);
  private final Preference byScore = new Composite(score);
  private final Ranking ranking = new Ranking();

  @Test
  void whoHasTheFilesIsChosenBeforeOneThatScoresALittleBetter() {
    WorkerSlot better = worker(1, 1_000);
    WorkerSlot holder = worker(2, 800);

    assertThat(pick(List.of(better, holder), FileHolders.NONE)).isEqualTo(better);
    assertThat(pick(List.of(better, holder), held(2))).isEqualTo(holder);
  }

  @Test
  void whoHadThemLastIsChosenBeforeOneThatHadThemEarlier() {
    WorkerSlot earlier = worker(1, 800);
    WorkerSlot last = worker(2, 800);

    assertThat(pick(List.of(earlier, last), held(2, 1))).isEqualTo(last);
    last.connected(false);
    assertThat(pick(List.of(earlier, worker(3, 800)), held(2, 1))).isEqualTo(earlier);
  }

  @Test
  void aFullHolderHoldsNobodyUp() {
    WorkerSlot other = worker(1, 800);
    WorkerSlot holder = worker(2, 800);
    IntStream.range(0, 4).forEach(_ -> holder.credit().take("shell", CORE));

    assertThat(pick(List.of(other, holder), held(2))).isEqualTo(other);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 40, 300})
  void theChoiceIsTheExactMaximumWithTheBonus(int size) {
    LargeFleet fleet = new LargeFleet(size, size);
    for (int round = 0; round < 200; round++) {
      fleet.event();
      List<WorkerSlot> slots = List.copyOf(fleet.slots());
      FileHolders holders =
          new FileHolders(
              fleet
                  .random
                  .ints(1, size + 1)
                  .distinct()
                  .limit(1 + fleet.random.nextInt(3))
                  .mapToObj(Workers::id)
                  .toList());
      Eligibility among =
          new Eligibility(Workers.ANY_SHELL, slots, new StandardFilter(), score, round, round);
      WorkerSlot expected =
          among.candidates().stream()
              .filter(one -> one.slot.hasRoom("shell", CORE))
              .max(
                  Comparator.comparingDouble(
                          (Candidate one) -> leaning(holders).score(one, plain(one)))
                      .thenComparing(one -> one.slot.id(), Comparator.reverseOrder()))
              .map(one -> one.slot)
              .orElse(null);

      assertThat(
              ranking.pick(byScore, 0, Workers.ANY_SHELL, among, null, List.of(), leaning(holders)))
          .isEqualTo(expected);
    }
  }

  @Test
  void theDecisionNamesTheTermOfEachCandidateWhereItCounted() {
    WorkerSlot other = worker(1, 800);
    WorkerSlot holder = worker(2, 800);
    DecisionBody body = new DecisionBody("standard-1");
    pick(List.of(other, holder), held(2));
    body.placement(new TaskId(1, 2), 1, ranking);
    pick(List.of(other, holder), FileHolders.NONE);
    body.placement(new TaskId(1, 3), 1, ranking);

    List<Decision> read = DecisionReader.read(body.document());

    List<ScoredCandidate> weighed = read.getFirst().candidates();
    assertThat(weighed)
        .extracting(ScoredCandidate::worker)
        .containsExactly(holder.id(), other.id());
    assertThat(weighed.getFirst().bonuses().files().orElseThrow()).isCloseTo(1, within(1e-4));
    assertThat(weighed.getLast().bonuses().files().orElseThrow()).isZero();
    ScoredCandidate first = weighed.getFirst();
    double sum = 0.4 * first.capability() + 0.3 + 0.2 * first.latency() + 0.1 * first.cost();
    assertThat(first.score()).isCloseTo((sum + 0.5) / 1.5, within(1e-4));
    assertThat(read.getLast().candidates().getFirst().bonuses().files())
        .isEqualTo(OptionalDouble.empty());
  }

  @Test
  void whereWorkersAreNotChosenByTheScoreItDoesNotCount() {
    WorkerSlot idle = worker(1, 800);
    WorkerSlot holder = worker(2, 800);
    holder.credit().take("shell", CORE);
    Eligibility among = among(List.of(idle, holder));

    WorkerSlot picked =
        ranking.pick(
            new LeastConnections(), 0, Workers.ANY_SHELL, among, null, List.of(), leaning(held(2)));

    assertThat(picked).isEqualTo(idle);
    assertThat(ranking.leanings()).isEqualTo(Leanings.NONE);
  }

  @Test
  void moreThanThreeAreRefused() {
    assertThatThrownBy(() -> held(1, 2, 3, 4)).hasMessage("workers: 4 (expected: at most 3)");
  }

  private double plain(Candidate one) {
    return byScore.rank(one, Workers.ANY_SHELL, one.slot.credit().load("shell"), 0);
  }

  private @Nullable WorkerSlot pick(List<WorkerSlot> slots, FileHolders holders) {
    return ranking.pick(
        byScore, 0, Workers.ANY_SHELL, among(slots), null, List.<WorkerId>of(), leaning(holders));
  }

  private static Leanings leaning(FileHolders holders) {
    return Leanings.of(holders, WorkerGroup.NONE);
  }

  private Eligibility among(List<WorkerSlot> slots) {
    return new Eligibility(Workers.ANY_SHELL, slots, new StandardFilter(), score, 1, 1);
  }

  private static FileHolders held(int... numbers) {
    return new FileHolders(IntStream.of(numbers).mapToObj(Workers::id).toList());
  }

  private static WorkerSlot worker(int number, int skill) {
    return Workers.slot(
        Workers.view(
            number, Map.of("SHELL_OPERATIONS", skill), new Site("us", 50, 1_000_000, "USD")),
        4);
  }
}
