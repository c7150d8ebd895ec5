package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.FileHolders;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Affinity;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a cell knows of who has the files of its tasks. */
class HolderTableTest {

  private final CellFixture mesh = new CellFixture();

  @Test
  void aTaskGoesToWhoHasItsFilesAndNothingIsRememberedOfItAfterItsEnd() {
    TestLink first = mesh.join(1, 4);
    TestLink holder = mesh.join(2, 4);

    submit(holding(2));
    mesh.commit();

    assertThat(first.assigned).isEmpty();
    assertThat(holder.assigned).hasSize(1);
    assertThat(mesh.cell.core().holders.size()).isEqualTo(1);
    mesh.succeed(holder, holder.assigned.getFirst());
    mesh.commit();
    assertThat(mesh.cell.core().holders.size()).isZero();
  }

  @Test
  void whoTookOverPlacesByTheScoreAlone() {
    submit(holding(2));
    mesh.commit();
    mesh.takeOver();
    TestLink first = mesh.join(1, 4);

    mesh.commit();

    assertThat(first.assigned).hasSize(1);
  }

  @Test
  void ofTooManyTheOldestAreForgotten() {
    HolderTable table = new HolderTable();
    TaskStream stream =
        new TaskStream(
            PriorityClass.P2, new Shape(1, "acme", Workers.ANY_SHELL), RetryTerms.DEFAULT, false);
    TaskEntry oldest = entry(stream, 0);
    table.put(oldest, holding(1));
    for (int i = 1; i <= HolderTable.MOST; i++) {
      table.put(entry(stream, i), holding(1));
    }

    assertThat(table.size()).isEqualTo(HolderTable.MOST);
    assertThat(table.of(oldest)).isEqualTo(FileHolders.NONE);
  }

  private static TaskEntry entry(TaskStream stream, int number) {
    return new TaskEntry(new TaskId(1, number), number, stream, 0, 0, Affinity.NONE);
  }

  private static FileHolders holding(int worker) {
    return new FileHolders(List.of(Workers.id(worker)));
  }

  private void submit(FileHolders holders) {
    mesh.submit(
        CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT), holders);
  }
}
