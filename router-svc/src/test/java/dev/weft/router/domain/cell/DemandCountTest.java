package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.TaskId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandCountTest {

  private final CellFixture mesh = new CellFixture();

  @Test
  void anEmptyCellAsksForNothing() {
    assertThat(mesh.cell.view().demand()).isEmpty();
  }

  @Test
  void waitingAndRunningAreCountedByClass() {
    TestLink link = mesh.join(1, 2);
    for (int i = 0; i < 5; i++) {
      mesh.submit();
    }
    mesh.submit(PriorityClass.P6);
    mesh.commit();
    mesh.pass(Duration.ofSeconds(3));

    DemandOfShape normal = of(PriorityClass.P2);
    assertThat(normal.need()).isEqualTo(Workers.ANY_SHELL);
    assertThat(normal.running()).isEqualTo(2);
    assertThat(normal.queued()).isEqualTo(3);
    assertThat(normal.oldestMillis()).isBetween(2_900L, 4_000L);
    assertThat(of(PriorityClass.P6).queued()).isEqualTo(1);

    mesh.succeed(link, link.last());
    assertThat(of(PriorityClass.P2).queued() + of(PriorityClass.P2).running()).isEqualTo(4);
  }

  @Test
  void aTaskThatWaitsForItsNextTryIsQueuedAndNobodyIsFirstInLine() {
    TestLink link = mesh.join(1, 2);
    TaskId id = mesh.submit();
    mesh.commit();
    mesh.fail(link, link.last());

    DemandOfShape demand = of(PriorityClass.P2);
    assertThat(mesh.state(id).name()).isEqualTo("QUEUED");
    assertThat(demand.queued()).isEqualTo(1);
    assertThat(demand.running()).isZero();
    assertThat(demand.oldestMillis()).isZero();
  }

  private DemandOfShape of(PriorityClass priority) {
    return mesh.cell.view().demand().stream()
        .filter(shape -> shape.priority() == priority)
        .findFirst()
        .orElseThrow();
  }
}
