package dev.weft.router.domain.cell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.fleet.Resources;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.placement.Decision;
import dev.weft.router.domain.placement.DecisionReader;
import dev.weft.router.domain.placement.Requirements;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {

  private final CellFixture mesh = new CellFixture();

  @Test
  void aTaskWithFreeCreditIsAdmittedLeasedAndFinishedInTwoCommits() {
    TestLink link = mesh.join(1, 4);
    int before = mesh.commits.size();

    TaskId id = mesh.submit();
    mesh.commit();
    mesh.succeed(link, link.last());

    assertThat(mesh.answers).containsEntry(id, "accepted LEASED");
    assertThat(mesh.commits.subList(before, mesh.commits.size())).hasSize(2);
    assertThat(mesh.state(id)).isEqualTo(TaskState.SUCCEEDED);
    assertThat(mesh.history(id))
        .containsExactly(TaskState.QUEUED, TaskState.LEASED, TaskState.SUCCEEDED);
    assertThat(mesh.commits.getLast().tasks().changed()).hasSize(1);
  }

  @Test
  void nothingIsToldBeforeItsCommitIsDurable() {
    TestLink link = mesh.join(1, 4);
    TaskId id = mesh.submit();
    GroupCommit batch = mesh.cell.seal().orElseThrow();
    mesh.tell(mesh.cell.immediate(), 0);
    assertThat(mesh.answers).isEmpty();
    assertThat(link.assigned).isEmpty();

    mesh.write(batch);

    assertThat(mesh.answers).containsKey(id);
    assertThat(link.assigned).hasSize(1);
  }

  @Test
  void theSpecOfATaskLeasedAtOnceIsNotReadBack() {
    TestLink link = mesh.join(1, 1);
    TaskId first = mesh.submit();
    mesh.commit();
    assertThat(mesh.commits.getLast().specsWanted()).isEmpty();
    assertThat(link.specs.getLast().spec().bytes()).isEqualTo("spec".getBytes(UTF_8));
    assertThat(link.specs.getLast().traceparent()).isEqualTo("00-trace");
    assertThat(mesh.state(first)).isEqualTo(TaskState.LEASED);
  }

  @Test
  void theSpecOfATaskThatMemoryNoLongerHoldsComesWithTheReceipt() {
    TaskId waiting = mesh.submit();
    mesh.commit();
    mesh.takeOver();

    TestLink link = mesh.join(1, 1);

    assertThat(mesh.commits.getLast().specsWanted()).containsExactly(waiting);
    assertThat(link.specs.getLast().spec().bytes()).isEqualTo("spec".getBytes(UTF_8));
  }

  @Test
  void classesGoFirstThenOrderOfArrival() {
    TaskId p3 = mesh.submit(PriorityClass.P3);
    TaskId p0 = mesh.submit(PriorityClass.P0);
    TaskId p3Later = mesh.submit(PriorityClass.P3);
    TaskId p6 = mesh.submit(PriorityClass.P6);
    mesh.commit();
    TestLink link = mesh.join(1, 1);
    for (int i = 0; i < 3; i++) {
      mesh.succeed(link, link.last());
    }
    assertThat(link.assigned).extracting(AttemptKey::task).containsExactly(p0, p3, p3Later, p6);
  }

  @Test
  void aTaskThatFitsNowhereDoesNotHoldUpOthers() {
    TaskId stuck =
        mesh.submit(CellFixture.terms(PriorityClass.P0, Workers.in("mars"), RetryTerms.DEFAULT));
    TaskId other = mesh.submit(PriorityClass.P6);
    mesh.commit();
    TestLink link = mesh.join(1, 1);
    assertThat(link.assigned).extracting(AttemptKey::task).containsExactly(other);
    assertThat(mesh.state(stuck)).isEqualTo(TaskState.QUEUED);
    assertThat(mesh.cell.view().live(stuck).orElseThrow().waitingFor())
        .startsWith("join a worker with executor shell, region mars");
  }

  @Test
  void whyAShapeWaitsIsRecordedOnceForEachChangeOfReasons() {
    mesh.submit(CellFixture.terms(PriorityClass.P2, Workers.in("mars"), RetryTerms.DEFAULT));
    mesh.commit();
    mesh.submit(CellFixture.terms(PriorityClass.P2, Workers.in("mars"), RetryTerms.DEFAULT));
    mesh.commit();
    long records =
        mesh.commits.stream().mapToLong(commit -> commit.placement().waits().size()).sum();
    assertThat(records).isEqualTo(1);

    mesh.join(1, 1);

    assertThat(mesh.commits.getLast().placement().waits()).hasSize(1);
    Decision decision =
        DecisionReader.read(mesh.commits.getLast().placement().waits().getFirst().body())
            .getFirst();
    assertThat(decision.rejections()).singleElement().extracting("count").isEqualTo(1);
  }

  @Test
  void aPlacementIsRecordedWithTheCommitThatLeases() {
    mesh.join(1, 4);
    TaskId id = mesh.submit();
    mesh.commit();
    Decision decision =
        DecisionReader.read(mesh.commits.getLast().placement().decisions().getFirst().body())
            .getFirst();
    assertThat(decision.task()).contains(id);
    assertThat(decision.winner()).contains(Workers.id(1));
    assertThat(decision.basis().fleetRevision()).isEqualTo(42);
  }

  @Test
  void theSameIdIsTheSameTask() {
    TaskId id = mesh.submit();
    mesh.commit();
    Submission.Terms terms =
        CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT);
    mesh.submit(id, terms, "", "digest");
    mesh.commit();
    assertThat(mesh.answers).containsEntry(id, "existing");
    mesh.cancel(id);
    mesh.submit(id, terms, "", "digest");
    mesh.commit();
    assertThat(mesh.answers).as("also once it has ended").containsEntry(id, "existing");
    assertThat(mesh.store.tasks()).hasSize(1);
  }

  @Test
  void aKeyGivesTheFirstTaskAndRefusesAnotherSpec() {
    Submission.Terms terms =
        CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT);
    mesh.submit(mesh.newId(), terms, "key", "digest");
    TaskId same = mesh.submit(mesh.newId(), terms, "key", "digest");
    TaskId other = mesh.submit(mesh.newId(), terms, "key", "another");
    mesh.commit();
    assertThat(mesh.answers)
        .containsEntry(same, "existing other")
        .containsEntry(other, "IDEMPOTENCY_CONFLICT");
    assertThat(mesh.store.tasks()).hasSize(1);
  }

  @Test
  void anIdOffTheDatabasesClockIsRefused() {
    TaskId old = new TaskId((CellFixture.START.minusSeconds(601).toEpochMilli() << 16) | 0x7000, 1);
    mesh.submit(
        old,
        CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT),
        "",
        "digest");
    mesh.commit();
    assertThat(mesh.answers).containsEntry(old, "TASK_ID_SKEWED");
  }

  @Test
  void beyondTheBoundAdmissionSheds() {
    CellFixture small =
        new CellFixture(
            new CellSettings(
                CellSettings.Leases.STANDARD,
                new CellSettings.Bounds(2, 2, 512, 1 << 20),
                CellSettings.Rhythm.STANDARD));
    small.submit();
    small.submit();
    TaskId third = small.submit();
    small.commit();
    assertThat(small.answers).containsEntry(third, "QUEUE_FULL");
  }

  @Test
  void aTenantHasABoundedNumberOfShapesInUseAndIdleOnesGiveWay() {
    CellFixture small =
        new CellFixture(
            new CellSettings(
                CellSettings.Leases.STANDARD,
                new CellSettings.Bounds(100, 2, 512, 1 << 20),
                CellSettings.Rhythm.STANDARD));
    TaskId first = small.submit(cores(1));
    small.submit(cores(2));
    TaskId third = small.submit(cores(3));
    small.commit();
    assertThat(small.answers).containsEntry(third, "QUEUE_FULL");
    small.cancel(first);
    TaskId fourth = small.submit(cores(4));
    small.commit();
    assertThat(small.answers).containsEntry(fourth, "accepted QUEUED");
    assertThat(small.commits.getLast().placement().droppedShapes()).hasSize(1);
  }

  @Test
  void aDelayedTaskStartsWhenItsTimeHasComeAndNotBefore() {
    TestLink link = mesh.join(1, 1);
    TaskId id =
        mesh.submit(
            new Submission.Terms(
                PriorityClass.P2, Workers.ANY_SHELL, RetryTerms.DEFAULT, 3_000, 0));
    mesh.pass(Duration.ofMillis(2_900));
    assertThat(link.assigned).isEmpty();
    mesh.pass(Duration.ofMillis(300));
    assertThat(link.assigned).extracting(AttemptKey::task).containsExactly(id);
  }

  @Test
  void aBatchTakesNoMoreRowsThanItsBound() {
    CellFixture small =
        new CellFixture(
            new CellSettings(
                CellSettings.Leases.STANDARD,
                new CellSettings.Bounds(1_000, 2, 10, 1 << 20),
                CellSettings.Rhythm.STANDARD));
    for (int i = 0; i < 50; i++) {
      small.submit();
    }
    small.commit();
    TestLink link = small.join(1, 60);
    assertThat(link.assigned).hasSize(50);
    assertThat(small.commits.subList(2, small.commits.size()))
        .allSatisfy(commit -> assertThat(commit.tasks().changed()).hasSizeLessThanOrEqualTo(10));
  }

  @Test
  void whatFillsABatchIsStillLeasedByIt() {
    CellFixture small =
        new CellFixture(
            new CellSettings(
                CellSettings.Leases.STANDARD,
                new CellSettings.Bounds(1_000, 2, 10, 1 << 20),
                CellSettings.Rhythm.STANDARD));
    TestLink link = small.join(1, 60);
    for (int i = 0; i < 12; i++) {
      small.submit();
    }

    small.commit();

    assertThat(link.assigned).hasSize(12);
    assertThat(small.commits.getLast().tasks().admitted())
        .hasSize(12)
        .allMatch(task -> task.row().progress().state() == TaskState.LEASED);
    assertThat(small.commits.getLast().tasks().changed()).isEmpty();
  }

  @Test
  void whatWaitedBeforeGoesFirstThoughTheBatchIsFullWithoutIt() {
    CellFixture small =
        new CellFixture(
            new CellSettings(
                CellSettings.Leases.STANDARD,
                new CellSettings.Bounds(1_000, 2, 10, 1 << 20),
                CellSettings.Rhythm.STANDARD));
    TaskId first = small.submit();
    small.commit();
    for (int i = 0; i < 12; i++) {
      small.submit();
    }
    TestLink link = small.join(1, 5);

    assertThat(link.assigned).hasSize(5);
    assertThat(link.assigned.getFirst().task()).isEqualTo(first);
  }

  private static Submission.Terms cores(int count) {
    Requirements any = Workers.ANY_SHELL;
    return CellFixture.terms(
        PriorityClass.P2,
        new Requirements(
            "shell",
            List.of(),
            any.destination(),
            any.llm(),
            0,
            any.isolation(),
            new Resources(count * 1_000L, 0, 0, 0)),
        RetryTerms.DEFAULT);
  }
}
