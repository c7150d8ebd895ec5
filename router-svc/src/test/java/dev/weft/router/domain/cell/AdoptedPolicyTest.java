package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Site;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.PlacementPolicy;
import dev.weft.router.domain.placement.Weights;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A policy that changes while a cell chooses by another. */
class AdoptedPolicyTest {

  private static final Weights FIT = new Weights(1, 0, 0, 0);
  private static final Weights COST = new Weights(0, 0, 0, 1);

  private final CellFixture mesh = new CellFixture();
  private TestLink skilled;
  private TestLink cheap;

  @BeforeEach
  void join() {
    skilled = mesh.join(1, 50);
    cheap = mesh.join(2, 50);
    mesh.cell.show(
        Workers.view(1, Map.of("SHELL_OPERATIONS", 900), new Site("us", 0, 9_000_000, "USD")), 2);
    mesh.cell.show(
        Workers.view(2, Map.of("SHELL_OPERATIONS", 100), new Site("us", 0, 0, "USD")), 3);
  }

  @Test
  void theNextTaskGoesByTheNewWeightsAndItsDecisionNamesThem() {
    mesh.cell.adopt(policy(1, PriorityClass.P2, FIT));
    Decision first = placed(PriorityClass.P2);
    assertThat(skilled.assigned).hasSize(1);
    assertThat(first.basis().weightsVersion()).isEqualTo("placement-1");

    mesh.cell.adopt(policy(2, PriorityClass.P2, COST));
    Decision second = placed(PriorityClass.P2);

    assertThat(cheap.assigned).hasSize(1);
    assertThat(second.basis().weightsVersion()).isEqualTo("placement-2");
    assertThat(second.candidates().getFirst().score()).isEqualTo(1);
    assertThat(second.candidates().getLast().score()).isEqualTo(0.1);
  }

  @Test
  void eachClassHasItsOwnWeights() {
    mesh.cell.adopt(
        new PlacementPolicy(
            1, Map.of(PriorityClass.P1, FIT, PriorityClass.P4, COST), AlgorithmTable.STANDARD));
    for (int i = 1; i <= 3; i++) {
      placed(PriorityClass.P4);
      placed(PriorityClass.P1);
      assertThat(skilled.assigned).hasSize(i);
      assertThat(cheap.assigned).hasSize(i);
    }
    mesh.cell.hide(Workers.id(1), 4);
    placed(PriorityClass.P1);
    assertThat(cheap.assigned).hasSize(4);
  }

  @Test
  void whatWaitsGoesByTheNewPolicyWhenThereIsRoom() {
    mesh.cell.adopt(policy(1, PriorityClass.P2, FIT));
    for (int i = 0; i < 101; i++) {
      mesh.submit(PriorityClass.P2);
    }
    mesh.commit();
    int before = mesh.commits.size();
    mesh.cell.adopt(policy(2, PriorityClass.P2, COST));
    mesh.succeed(skilled, skilled.assigned.getFirst());
    mesh.commit();

    assertThat(placements(mesh.commits.subList(before, mesh.commits.size())))
        .extracting(one -> one.basis().weightsVersion())
        .containsExactly("placement-2");
  }

  @Test
  void algorithmsChangeToo() {
    PlacementPolicy turns =
        new PlacementPolicy(
            1, Map.of(), AlgorithmTable.STANDARD.with("rules", List.of("shell/P2=ROUND_ROBIN")));
    assertThat(placed(PriorityClass.P2).basis().algorithm()).isEqualTo("COMPOSITE");
    mesh.cell.adopt(turns);
    assertThat(placed(PriorityClass.P2).basis().algorithm()).isEqualTo("ROUND_ROBIN");
    assertThat(placed(PriorityClass.P3).basis().algorithm()).isEqualTo("COMPOSITE");
  }

  @Test
  void anOlderVersionThatComesLateChangesNothing() {
    assertThat(mesh.cell.adopt(policy(5, PriorityClass.P2, COST))).isTrue();
    assertThat(mesh.cell.adopt(policy(5, PriorityClass.P2, FIT))).isFalse();
    assertThat(mesh.cell.adopt(policy(4, PriorityClass.P2, FIT))).isFalse();

    assertThat(placed(PriorityClass.P2).basis().weightsVersion()).isEqualTo("placement-5");
    assertThat(cheap.assigned).hasSize(1);
  }

  private static PlacementPolicy policy(int version, PriorityClass priority, Weights weights) {
    return new PlacementPolicy(version, Map.of(priority, weights), AlgorithmTable.STANDARD);
  }

  private Decision placed(PriorityClass priority) {
    TaskId task = mesh.submit(priority);
    mesh.commit();
    return placements(mesh.commits).stream()
        .filter(decision -> decision.task().equals(Optional.of(task)))
        .findFirst()
        .orElseThrow();
  }

  private static List<Decision> placements(List<GroupCommit> commits) {
    return commits.stream()
        .flatMap(commit -> commit.placement().decisions().stream())
        .flatMap(rows -> DecisionReader.read(rows.body()).stream())
        .toList();
  }
}
