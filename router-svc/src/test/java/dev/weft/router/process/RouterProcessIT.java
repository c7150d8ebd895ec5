package dev.weft.router.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.WithPostgres;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@WithPostgres
class RouterProcessIT {

  private static final Duration START = Duration.ofSeconds(60);
  private static final Map<String, String> PLAIN = Map.of();
  private final ScratchDatabase database;
  private @TempDir Path directory;
  private ProcessRig rig;

  @SuppressWarnings("NullAway.Init") // JUnit calls open()
  RouterProcessIT(ScratchDatabase database) {
    this.database = database;
  }

  @BeforeEach
  void open() throws IOException {
    rig = new ProcessRig(database, directory, 64);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aTaskRunsOverMutualTlsAndARealDatabase() {
    rig.start(0, PLAIN);
    String id = rig.submittedAtLast().getId();
    rig.awaitSucceeded(id, START);
    assertThat(rig.worker.executions.get(id)).hasValue(1);
  }

  @Test
  void afterTheHoldersDeathTheStandbyDispatchesWithinFiveSecondsAndNothingAckedIsLost() {
    RouterProcess first = rig.start(0, PLAIN);
    rig.submittedAtLast();
    RouterProcess second = rig.start(1, PLAIN);
    await().atMost(START).until(() -> second.logText().contains("started in"));
    rig.worker.hold(true);
    List<String> acked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      acked.add(rig.submitted().getId());
    }
    await().until(() -> rig.worker.runningNow() == 64);

    first.kill();
    long killed = System.nanoTime();
    rig.worker.hold(false);
    String fresh = rig.submittedAtLast().getId();
    rig.awaitSucceeded(fresh, Duration.ofSeconds(10));

    assertThat(Duration.ofNanos(System.nanoTime() - killed))
        .as("first dispatch after the kill")
        .isLessThan(Duration.ofSeconds(5));
    acked.forEach(id -> rig.awaitSucceeded(id, Duration.ofSeconds(20)));
    assertThat(rig.worker.executions.keySet()).containsAll(acked);
  }

  @Test
  void aHolderThatWakesUpFromAPauseWritesNothing() {
    RouterProcess first = rig.start(0, PLAIN);
    rig.submittedAtLast();
    RouterProcess second = rig.start(1, PLAIN);
    await().atMost(START).until(() -> second.logText().contains("started in"));
    first.pause();
    Task task = rig.submittedAtLast();
    rig.awaitSucceeded(task.getId(), Duration.ofSeconds(20));

    first.wake();

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(first.logText()).containsPattern("refused|no longer|lost"));
    for (int i = 0; i < 20; i++) {
      rig.awaitSucceeded(rig.submitted().getId(), Duration.ofSeconds(10));
    }
    assertThat(rig.fetch(task.getId())).isEqualTo(rig.fetch(task.getId()));
    assertThat(rig.fetch(task.getId()).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
  }

  @Test
  void aStopGivesTheCellAwayAtOnce() {
    RouterProcess first = rig.start(0, PLAIN);
    rig.submittedAtLast();
    RouterProcess second = rig.start(1, PLAIN);
    await().atMost(START).until(() -> second.logText().contains("started in"));
    assertThat(first.stop()).isIn(0, 143);
    long stopped = System.nanoTime();
    rig.awaitSucceeded(rig.submittedAtLast().getId(), Duration.ofSeconds(10));
    assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(4));
  }
}
