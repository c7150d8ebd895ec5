package dev.weft.router.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.router.domain.cost.Budget;
import dev.weft.router.domain.effort.Complexity;
import dev.weft.router.domain.effort.EffortPolicy;
import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.fleet.WorkerSlot;
import dev.weft.router.domain.region.Geography;
import dev.weft.router.domain.region.Regions;
import dev.weft.router.domain.region.SunHours;
import dev.weft.router.domain.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Workers around the globe, tasks of users somewhere, and heavy work that follows the night. */
class RegionPreferenceTest {

  private static final SunHours NIGHTS =
      SunHours.of(
          "rules", List.of("ap-northeast-1=Asia/Tokyo:22-6", "us-east-1=America/New_York:22-6"));

  private final WorkerSlot tokyo = worker(1, "ap-northeast-1");
  private final WorkerSlot virginia = worker(2, "us-east-1");
  private final WorkerSlot ireland = worker(3, "eu-west-1");
  private final List<WorkerSlot> all = List.of(tokyo, virginia, ireland);
  private final Ranking ranking = new Ranking();

  @Test
  void interactiveWorkGoesToTheNearestThatHasRoomAndNeverWaitsForIt() {
    FourTermScore score = new FourTermScore(Weights.STANDARD);
    assertThat(placed(score, near("ap-northeast-3"), 7))
        .startsWith(tokyo, tokyo)
        .hasSize(7)
        .contains(virginia, ireland)
        .endsWith((WorkerSlot) null);
  }

  @Test
  void aUserOnEachSideOfTheOceanGetsItsOwnSide() {
    FourTermScore score = new FourTermScore(Weights.STANDARD);
    assertThat(placed(score, near("us-east-2"), 1)).containsExactly(virginia);
    assertThat(placed(score, near("eu-west-2"), 1)).containsExactly(ireland);
    assertThat(placed(score, near("ap-northeast-1"), 1)).containsExactly(tokyo);
  }

  @Test
  void theDecisionShowsHowNearEachIsAndTheSumIsAsItSays() {
    FourTermScore score = new FourTermScore(Weights.STANDARD);
    placed(score, near("us-east-1"), 1);

    Decision read = recorded();

    ScoredCandidate first = read.candidates().getFirst();
    assertThat(first.worker()).isEqualTo(virginia.id());
    assertThat(first.bonuses().near().orElseThrow()).isCloseTo(1, within(1e-4));
    assertThat(first.bonuses().sun()).isEmpty();
    assertThat(read.candidates().getLast().bonuses().near().orElseThrow()).isBetween(0.1, 0.2);
    double own =
        0.4 * first.capability() + 0.3 * first.load() + 0.2 * first.latency() + 0.1 * first.cost();
    assertThat(first.score()).isCloseTo((own + 0.5) / 1.5, within(1e-4));
  }

  @Test
  void heavyWorkGoesWhereItIsNightAndOtherWorkDoesNotCare() {
    Geography globe = new Geography(Regions.STANDARD, NIGHTS);
    FourTermScore tokyosNight =
        new FourTermScore(Weights.STANDARD, globe, Set.of("ap-northeast-1"));
    FourTermScore virginiasNight = new FourTermScore(Weights.STANDARD, globe, Set.of("us-east-1"));
    assertThat(placed(tokyosNight, complex(""), 1)).containsExactly(tokyo);
    assertThat(placed(virginiasNight, complex(""), 1)).containsExactly(virginia);
    assertThat(recorded().candidates())
        .extracting(one -> one.bonuses().sun().orElseThrow())
        .containsExactly(1.0, 0.0, 0.0);
    assertThat(placed(virginiasNight, complex("ap-northeast-1"), 1))
        .as("a user that waits is nearer than the night")
        .containsExactly(tokyo);
    placed(virginiasNight, Workers.ANY_SHELL, 1);
    assertThat(recorded().candidates().getFirst().bonuses()).isEqualTo(Bonuses.NONE);
  }

  @Test
  void withoutATableOfHoursNothingIsWeighed() {
    placed(new FourTermScore(Weights.STANDARD), complex(""), 1);
    assertThat(recorded().candidates().getFirst().bonuses().sun()).isEmpty();
  }

  private Decision recorded() {
    DecisionBody body = new DecisionBody("standard-1");
    body.placement(new TaskId(1, 2), 1, ranking);
    return DecisionReader.read(body.document()).getFirst();
  }

  /** Each takes room as long as there is some; null where nobody had any. */
  private List<@Nullable WorkerSlot> placed(FourTermScore score, Requirements need, int count) {
    Preference byScore = new Composite(score);
    List<@Nullable WorkerSlot> picked = new ArrayList<>();
    Eligibility among = new Eligibility(need, all, new StandardFilter(), score, 1, 1);
    for (int i = 0; i < count; i++) {
      WorkerSlot slot = ranking.pick(byScore, 0, need, among, null, List.of());
      if (slot != null && count > 1) {
        slot.credit().take("shell", need.resources());
      }
      picked.add(slot);
    }
    return picked;
  }

  private static Requirements near(String region) {
    return Workers.in(new Destination("", "", Budget.NONE, Optional.empty(), region, 0));
  }

  private static Requirements complex(String near) {
    return Workers.in(
        new Destination(
            "",
            "",
            Budget.NONE,
            Optional.of(EffortPolicy.STANDARD.said(Complexity.COMPLEX)),
            near,
            0));
  }

  private static WorkerSlot worker(int number, String region) {
    return Workers.slot(
        Workers.view(number, Map.of("SHELL_OPERATIONS", 800), new Site(region, 50, 0, "USD", true)),
        2);
  }
}
