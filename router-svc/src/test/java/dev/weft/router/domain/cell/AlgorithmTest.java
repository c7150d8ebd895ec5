package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.AlgorithmTable;
import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Named algorithms in a whole cell. */
class AlgorithmTest {

  @Test
  void aClassMayChooseInAnotherWayThanTheRestOfItsKind() {
    CellFixture mesh = mesh("shell/P4=ROUND_ROBIN");
    TestLink first = mesh.join(1, 9);
    TestLink second = mesh.join(2, 9);
    TaskId turn = mesh.submit(PriorityClass.P4);
    mesh.commit();
    for (int i = 1; i < 4; i++) {
      turn = mesh.submit(PriorityClass.P4);
      mesh.commit();
    }
    assertThat(first.assigned).hasSize(2);
    assertThat(second.assigned).hasSize(2);
    TaskId usual = mesh.submit(PriorityClass.P2);
    mesh.commit();

    assertThat(algorithm(mesh, turn)).isEqualTo("ROUND_ROBIN");
    assertThat(algorithm(mesh, usual)).isEqualTo("COMPOSITE");
  }

  @Test
  void whoAnsweredSoonerGetsTheNext() {
    CellFixture mesh = mesh("shell=LEAST_RESPONSE_TIME");
    TestLink slow = mesh.join(1, 1);
    TestLink quick = mesh.join(2, 1);
    mesh.submit(PriorityClass.P2);
    mesh.submit(PriorityClass.P2);
    mesh.commit();
    mesh.pass(Duration.ofMillis(200));
    mesh.succeed(quick, quick.last());
    mesh.pass(Duration.ofSeconds(2));
    mesh.succeed(slow, slow.last());

    for (int i = 2; i < 6; i++) {
      mesh.submit(PriorityClass.P2);
      mesh.commit();
      assertThat(quick.assigned).hasSize(i);
      mesh.succeed(quick, quick.last());
    }
    assertThat(slow.assigned).hasSize(1);
    assertThat(mesh.cell.core().fleet.get(Workers.id(1)).slot.responses().millis("shell"))
        .isGreaterThan(2_000);
  }

  private static CellFixture mesh(String rule) {
    return new CellFixture(AlgorithmTable.STANDARD.with("rules", List.of(rule)));
  }

  private static String algorithm(CellFixture mesh, TaskId task) {
    return mesh.commits.stream()
        .flatMap(commit -> commit.placement().decisions().stream())
        .flatMap(rows -> DecisionReader.read(rows.body()).stream())
        .filter(decision -> decision.task().equals(Optional.of(task)))
        .map(Decision::basis)
        .map(Decision.Basis::algorithm)
        .findFirst()
        .orElseThrow();
  }
}
