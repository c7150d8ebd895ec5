package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.Urgency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused, and how what was let in is counted against its deadline. */
class OverloadTest {

  @Test
  void theFullerTheReadySetTheFewerClassesAreLetIn() {
    CellFixture small =
        new CellFixture(
            new CellSettings(
                CellSettings.Leases.STANDARD,
                new CellSettings.Bounds(100, 2, 512, 1 << 20),
                CellSettings.Rhythm.STANDARD));
    fill(small, PriorityClass.P6, 82);
    TaskId p6 = small.submit(PriorityClass.P6);
    fill(small, PriorityClass.P5, 3);
    TaskId p5 = small.submit(PriorityClass.P5);
    fill(small, PriorityClass.P1, 12);
    TaskId p1 = small.submit(PriorityClass.P1);
    fill(small, PriorityClass.P0, 3);
    TaskId p0 = small.submit(PriorityClass.P0);
    small.commit();
    assertThat(List.of(p6, p5, p1, p0))
        .allSatisfy(id -> assertThat(small.answers).containsEntry(id, "QUEUE_FULL"));
    assertThat(small.cell.view().figures().waiting()).isEqualTo(100);
    assertThat(small.denials.get(p6).message())
        .isEqualTo("waiting tasks: 82 (expected: < 82 for class P6)");
    assertThat(small.denials.get(p6).retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(small.cell.view().figures().levels().shed())
        .containsExactly(1L, 1L, 0L, 0L, 0L, 1L, 1L);
  }

  @Test
  void whatWouldExpireBeforeItStartsIsRefusedTheLowerClassesFirst() {
    CellFixture mesh = busy(OrderPolicy.STANDARD);
    TaskId patient = submit(mesh, PriorityClass.P4, 0, 60_000);
    TaskId hasty = submit(mesh, PriorityClass.P4, 0, 5_000);
    TaskId above = submit(mesh, PriorityClass.P1, 0, 5_000);
    mesh.commit();
    assertThat(mesh.answers)
        .containsEntry(patient, "accepted QUEUED")
        .containsEntry(hasty, "OVERLOADED")
        .containsEntry(above, "accepted QUEUED");
    Denial denial = mesh.denials.get(hasty);
    long wait = Long.parseLong(denial.metadata().get("projected_wait_ms"));
    assertThat(wait).as("100 wait, 10 go out in a second").isBetween(9_000L, 11_500L);
    assertThat(denial.retryAfter().orElseThrow().toMillis()).isEqualTo(wait - 5_000);
    assertThat(denial.message()).contains("<= 5000 ms");
  }

  @Test
  void aDeadlineOfItsOwnThatCannotBeKeptIsRefused() {
    CellFixture mesh = busy(OrderPolicy.STANDARD);
    TaskId late = submit(mesh, PriorityClass.P4, 4_000, 60_000);
    TaskId early = submit(mesh, PriorityClass.P4, 20_000, 60_000);
    mesh.commit();
    assertThat(mesh.answers)
        .containsEntry(late, "OVERLOADED")
        .containsEntry(early, "accepted QUEUED");
  }

  @Test
  void aClassesDeadlineRefusesOnlyWhereThatIsAskedFor() {
    TaskId[] ids = new TaskId[2];
    CellFixture lenient = busy(OrderPolicy.STANDARD);
    ids[0] = submit(lenient, PriorityClass.P3, 0, 60_000);
    lenient.commit();
    assertThat(lenient.answers).containsEntry(ids[0], "accepted QUEUED");
    CellFixture strict = busy(new OrderPolicy(5, 16, true, Map.of()));
    ids[0] = submit(strict, PriorityClass.P4, 0, 60_000);
    fill(strict, PriorityClass.P3, 100);
    ids[1] = submit(strict, PriorityClass.P3, 0, 60_000);
    strict.commit();
    assertThat(strict.answers)
        .containsEntry(ids[0], "accepted QUEUED")
        .containsEntry(ids[1], "OVERLOADED");
  }

  @Test
  void nothingIsForetoldWithoutWorkersOrBeforeEnoughWasSeen() {
    CellFixture empty = new CellFixture();
    fill(empty, PriorityClass.P4, 10_000);
    empty.pass(Duration.ofSeconds(20));
    TaskId waits = submit(empty, PriorityClass.P4, 1_000, 60_000);
    empty.commit();
    assertThat(empty.answers).containsEntry(waits, "accepted QUEUED");
    TestLink link = empty.join(1, 1);
    for (int i = 0; i < 20; i++) {
      empty.pass(Duration.ofMillis(100));
      empty.succeed(link, link.last());
    }
    TaskId second = submit(empty, PriorityClass.P4, 1_000, 60_000);
    empty.commit();
    assertThat(empty.answers).containsEntry(second, "accepted QUEUED");
  }

  @Test
  void tasksAreCountedAgainstTheirDeadlines() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 8);
    submit(mesh, PriorityClass.P1, 0, 60_000);
    submit(mesh, PriorityClass.P2, 0, 60_000);
    submit(mesh, PriorityClass.P2, 900, 60_000);
    mesh.commit();
    TaskId cancelled = submit(mesh, PriorityClass.P3, 0, 60_000);
    mesh.commit();
    mesh.pass(Duration.ofSeconds(1));
    for (AttemptKey key : List.copyOf(link.assigned)) {
      if (!key.task().equals(cancelled)) {
        mesh.succeed(link, key);
      }
    }
    mesh.cancel(cancelled);
    mesh.report(link, link.last(), Report.Outcome.CANCELLED);
    ServiceLevels levels = mesh.cell.view().figures().levels();
    assertThat(levels.met())
        .as("P2 within its class's 2 s")
        .containsExactly(0L, 0L, 1L, 0L, 0L, 0L, 0L);
    assertThat(levels.missed())
        .as("P1 after 500 ms, P2 after 900 ms of its own")
        .containsExactly(0L, 1L, 1L, 0L, 0L, 0L, 0L);
  }

  @Test
  void whatWasToStartLaterIsNotLateForItsClass() {
    CellFixture mesh = new CellFixture();
    TestLink link = mesh.join(1, 8);
    mesh.submit(
        new Submission.Terms(
            PriorityClass.P1, Workers.ANY_SHELL, RetryTerms.DEFAULT, 3_000, 60_000));
    mesh.commit();
    mesh.pass(Duration.ofSeconds(4));
    mesh.succeed(link, link.last());
    ServiceLevels levels = mesh.cell.view().figures().levels();
    assertThat(levels.met()).containsOnly(0L);
    assertThat(levels.missed()).containsOnly(0L);
  }

  /** 100 tasks of P4 wait while ten go out in a second. */
  private static CellFixture busy(OrderPolicy order) {
    CellFixture mesh = new CellFixture(order);
    TestLink link = mesh.join(1, 1);
    fill(mesh, PriorityClass.P4, 151);
    mesh.commit();
    for (int i = 0; i < 50; i++) {
      mesh.pass(Duration.ofMillis(100));
      mesh.succeed(link, link.last());
    }
    return mesh;
  }

  private static void fill(CellFixture mesh, PriorityClass priority, int count) {
    for (int i = 0; i < count; i++) {
      submit(mesh, priority, 0, 3_600_000);
    }
  }

  private static TaskId submit(
      CellFixture mesh, PriorityClass priority, long deadline, long expiry) {
    return mesh.submit(
        new Submission.Terms(
            new Urgency(priority, deadline), Workers.ANY_SHELL, RetryTerms.DEFAULT, 0, expiry));
  }
}
