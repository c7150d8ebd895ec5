package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.router.app.FakeCellJournal;
import dev.weft.router.app.JournalException;
import dev.weft.router.domain.journal.AdmittedTask;
import dev.weft.router.domain.journal.GroupCommit;
import dev.weft.router.domain.journal.SpecRow;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.Document;
import dev.weft.router.domain.task.PriorityClass;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dead letters leave the queue once, whatever races. */
class LettersTest {

  private static final RetryTerms NO_RETRY = new RetryTerms(0, true, 2_000, 300_000);

  private final CellFixture mesh = new CellFixture();
  private final List<String> answers = new ArrayList<>();

  @Test
  void redriveIsANewTaskInTheCommitThatSettlesTheLetter() {
    TaskId dead = deadTask();
    int before = mesh.commits.size();

    TaskId again = redrive(dead, mesh.nanos());
    mesh.commit();

    GroupCommit commit = mesh.commits.get(before);
    assertThat(commit.tasks().admitted()).extracting(row -> row.row().id()).containsExactly(again);
    assertThat(commit.tasks().settledLetters()).hasSize(1);
    assertThat(answers).containsExactly("accepted " + again);
    assertThat(mesh.store.letters().get(dead).redrivenAs()).isEqualTo(again);
    assertThat(mesh.state(dead)).isEqualTo(TaskState.FAILED);
    assertThat(mesh.history(dead)).containsOnlyOnce(TaskState.FAILED);
  }

  @Test
  void twoRedrivesThatBothFoundTheLetterInTheQueueMakeOneTask() {
    TaskId dead = deadTask();
    long bothLooked = mesh.nanos();

    TaskId first = redrive(dead, bothLooked);
    TaskId second = redrive(dead, bothLooked);
    mesh.commit();
    TaskId third = redrive(dead, bothLooked);
    mesh.commit();

    assertThat(answers)
        .containsExactly("accepted " + first, "existing " + first, "existing " + first);
    assertThat(mesh.store.tasks()).doesNotContainKeys(second, third);
  }

  @Test
  void secondAnswerWaitsForTheCommitThatItRestsOn() {
    TaskId dead = deadTask();
    TaskId first = redrive(dead, mesh.nanos());
    GroupCommit batch = mesh.cell.seal().orElseThrow();

    redrive(dead, mesh.nanos());
    mesh.tell(mesh.cell.immediate(), 0);
    assertThat(answers).isEmpty();

    mesh.write(batch);
    mesh.commit();
    assertThat(answers).containsExactly("accepted " + first, "existing " + first);
  }

  @Test
  void aRefusedTaskLeavesTheLetterInTheQueue() {
    TaskId dead = deadTask();
    TaskId skewed = new TaskId(0x7000, 1);

    mesh.cell.redrive(dead, submission(skewed, mesh.nanos()), 0, new Answers());
    mesh.commit();

    assertThat(answers).containsExactly("TASK_ID_SKEWED");
    assertThat(mesh.store.letters().get(dead).settled()).isNull();
    TaskId again = redrive(dead, mesh.nanos());
    mesh.commit();
    assertThat(answers).contains("accepted " + again);
  }

  @Test
  void aLookUpFromBeforeTheTakeoverIsNotBelieved() {
    TaskId dead = deadTask();
    long looked = mesh.nanos();
    redrive(dead, looked);
    mesh.commit();
    answers.clear();
    mesh.pass(Duration.ofMillis(100));
    mesh.takeOver();

    redrive(dead, looked);
    mesh.commit();

    assertThat(answers).containsExactly("CELL_UNAVAILABLE");
  }

  @Test
  void aLookUpThatIsOlderThanTheMemoryIsNotBelieved() {
    TaskId dead = deadTask();
    long looked = mesh.nanos();
    TaskId first = redrive(dead, looked);
    mesh.commit();
    mesh.pass(Duration.ofSeconds(61));

    redrive(dead, looked);
    purge(List.of(dead), looked);
    mesh.commit();

    assertThat(answers)
        .containsExactly("accepted " + first, "CELL_UNAVAILABLE", "CELL_UNAVAILABLE");
  }

  @Test
  void aTakeoverBeforeTheCommitLeavesTheLetterAndOneAfterItDoesNot() {
    TaskId dead = deadTask();
    redrive(dead, mesh.nanos());
    assertThat(mesh.cell.seal()).isPresent();
    mesh.takeOver();
    assertThat(mesh.store.letters().get(dead).settled()).isNull();

    mesh.pass(Duration.ofMillis(100));
    TaskId again = redrive(dead, mesh.nanos());
    GroupCommit batch = mesh.cell.seal().orElseThrow();
    mesh.journal.mode(FakeCellJournal.Mode.REPLY_LOST);
    assertThatThrownBy(() -> mesh.journal.commit(mesh.cell.epoch(), batch))
        .isInstanceOf(JournalException.Unavailable.class);
    mesh.takeOver();

    assertThat(mesh.store.letters().get(dead).redrivenAs()).isEqualTo(again);
    assertThat(mesh.state(again)).isEqualTo(TaskState.QUEUED);
    assertThat(answers).isEmpty();
  }

  @Test
  void purgeCountsOnlyWhatItTakesOut() {
    TaskId first = deadTask();
    TaskId second = deadTask();
    long looked = mesh.nanos();
    redrive(first, looked);

    int purged = purge(List.of(first, second), looked);
    int again = purge(List.of(first, second), looked);
    mesh.commit();

    assertThat(purged).isEqualTo(1);
    assertThat(again).isZero();
    assertThat(mesh.store.letters().get(first).redrivenAs()).isNotNull();
    assertThat(mesh.store.letters().get(second).settled()).isNotNull();
    assertThat(mesh.store.letters().get(second).redrivenAs()).isNull();
  }

  @Test
  void aPurgedLetterIsNotRedriven() {
    TaskId dead = deadTask();
    long looked = mesh.nanos();
    purge(List.of(dead), looked);

    TaskId again = redrive(dead, looked);
    mesh.commit();

    assertThat(answers).containsExactly("settled", "DEAD_LETTER_NOT_FOUND");
    assertThat(mesh.store.tasks()).doesNotContainKey(again);
  }

  @Test
  void theNewTaskRunsWithFreshRetriesAndMayDieAgain() {
    TaskId dead = deadTask();
    TaskId again = redrive(dead, mesh.nanos());
    TestLink link = mesh.join(2, 4);
    mesh.commit();
    mesh.fail(link, link.last());

    assertThat(link.last().task()).isEqualTo(again);
    assertThat(mesh.state(again)).isEqualTo(TaskState.FAILED);
    assertThat(mesh.store.letters().get(again).settled()).isNull();
    assertThat(mesh.store.attempts(again)).hasSize(1);
  }

  /** Fails for good on a worker that leaves afterwards. */
  private TaskId deadTask() {
    TestLink link = mesh.join(1, 1);
    TaskId id = mesh.submit(NO_RETRY);
    mesh.commit();
    mesh.fail(link, link.last());
    mesh.cell.gone(link.worker, link);
    mesh.commit();
    assertThat(mesh.state(id)).isEqualTo(TaskState.FAILED);
    return id;
  }

  private TaskId redrive(TaskId letter, long lookedUp) {
    TaskId id = mesh.newId();
    mesh.cell.redrive(letter, submission(id, lookedUp), 0, new Answers());
    return id;
  }

  private static Submission submission(TaskId id, long lookedUp) {
    SpecRow spec = new SpecRow(Document.EMPTY, "me", "", Document.EMPTY, "");
    return new Submission(
        id,
        "acme",
        CellFixture.terms(PriorityClass.P2, Workers.ANY_SHELL, NO_RETRY),
        spec,
        lookedUp);
  }

  private int purge(List<TaskId> letters, long lookedUp) {
    return mesh.cell.purge(
        "acme",
        letters,
        lookedUp,
        new SettledReply() {
          @Override
          public void settled() {
            answers.add("settled");
          }

          @Override
          public void denied(Denial reason) {
            answers.add(reason.reason().name());
          }
        });
  }

  private final class Answers implements SubmitReply {
    @Override
    public void accepted(int item, AdmittedTask task, long commit, Instant commitTime) {
      answers.add("accepted " + task.row().id());
    }

    @Override
    public void existing(int item, TaskId first) {
      answers.add("existing " + first);
    }

    @Override
    public void denied(int item, Denial reason) {
      answers.add(reason.reason().name());
    }
  }
}
