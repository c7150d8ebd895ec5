package dev.weft.router.domain.cell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.router.domain.journal.WorkerDrain;
import dev.weft.router.domain.placement.Workers;
import dev.weft.router.domain.task.RetryTerms;
import dev.weft.router.domain.task.TaskId;
import dev.weft.router.domain.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainsTest {

  private final CellFixture mesh = new CellFixture();
  private final TestLink link = mesh.join(1, 2);

  @Test
  void aDrainIsDurableBeforeTheWorkerIsTold() {
    List<String> told = new ArrayList<>();
    mesh.submit();
    mesh.commit();
    begin(told, Duration.ofSeconds(30));
    assertThat(link.drains).isEmpty();
    mesh.commit();
    assertThat(link.drains).containsExactly(Duration.ofSeconds(30));
    assertThat(told).containsExactly("false 1");
    mesh.submit();
    mesh.commit();
    assertThat(link.assigned).as("gets nothing more").hasSize(1);
    mesh.succeed(link, link.last());
    begin(told, Duration.ofSeconds(1));
    mesh.commit();
    assertThat(told).containsExactly("false 1", "true 0");
    assertThat(mesh.store.drains().get(link.worker).stage()).isEqualTo(WorkerDrain.Stage.DRAINED);
  }

  @Test
  void atTheDrainsDeadlineWhatRunsIsEndedAndRunsElsewhere() {
    TaskId id = mesh.submit(new RetryTerms(0, true, 0, 0));
    mesh.commit();
    AttemptKey key = link.last();
    begin(new ArrayList<>(), Duration.ofSeconds(2));
    mesh.pass(Duration.ofMillis(1_800));
    assertThat(link.cancelled).isEmpty();
    mesh.pass(Duration.ofMillis(400));
    assertThat(link.cancelled).containsExactly(key);
    mesh.report(link, key, Report.Outcome.CANCELLED);
    assertThat(mesh.state(id)).isEqualTo(TaskState.QUEUED);
    TestLink other = mesh.join(2, 1);
    assertThat(other.assigned).extracting(AttemptKey::task).containsExactly(id);
  }

  @Test
  void aDrainOutlivesThePlacerAndEndsWithARestartOfTheWorker() {
    begin(new ArrayList<>(), Duration.ofSeconds(30));
    mesh.commit();
    mesh.takeOver();
    TestLink same = mesh.join(1, 2);
    mesh.submit();
    mesh.commit();
    assertThat(same.assigned).isEmpty();
    TestLink restarted = hello(2);
    assertThat(restarted.assigned).hasSize(1);
    assertThat(mesh.store.drains()).isEmpty();
  }

  @Test
  void anUnknownWorkerCannotBeDrained() {
    List<String> told = new ArrayList<>();
    mesh.cell.beginDrain(Workers.id(99), Duration.ZERO, new ToldDrain(told));
    mesh.commit();
    assertThat(told).containsExactly("WORKER_NOT_FOUND");
  }

  @Test
  void aRepeatedDrainBringsTheDeadlineForwardAndNeverBack() {
    mesh.submit();
    mesh.commit();
    begin(new ArrayList<>(), Duration.ofSeconds(30));
    begin(new ArrayList<>(), Duration.ofSeconds(60));
    mesh.commit();
    assertThat(link.drains).containsExactly(Duration.ofSeconds(30));

    begin(new ArrayList<>(), Duration.ofSeconds(1));
    mesh.commit();
    mesh.pass(Duration.ofMillis(1_200));

    assertThat(link.drains).containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(1));
    assertThat(link.cancelled).hasSize(1);
  }

  @Test
  void aWorkerThatDiedWhileTheDatabaseWasAwayIsDrainedInTheEnd() {
    mesh.submit();
    mesh.commit();
    mesh.cell.databaseAway(true);
    mesh.cell.gone(link.worker, link);
    mesh.pass(Duration.ofSeconds(12));
    mesh.cell.databaseAway(false);
    mesh.pass(Duration.ofSeconds(20));

    List<String> told = new ArrayList<>();
    begin(told, Duration.ZERO);
    mesh.commit();

    assertThat(told).containsExactly("true 0");
    assertThat(mesh.cell.view().leakedCredit()).isEmpty();
  }

  private TestLink hello(long incarnation, AttemptKey... running) {
    TestLink stream = new TestLink(link.worker);
    mesh.cell.hello(stream, stream.hello(incarnation, 2, running));
    mesh.commit();
    return stream;
  }

  private void begin(List<String> told, Duration grace) {
    mesh.cell.beginDrain(link.worker, grace, new ToldDrain(told));
  }
}
