package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to the cell when its placer dies or sleeps. */
@ExtendWith(SharedMesh.class)
class TakeoverIT {

  private static final Duration TAKEOVER = Duration.ofSeconds(5);

  private final LocalMesh mesh;

  TakeoverIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void theNextPlacerDispatchesWithinFiveSecondsOfTheDeathOfTheOneBefore() {
    try (MeshClient client = mesh.client()) {
      client.await(client.submit(MeshClient.noop()).getId(), Duration.ofSeconds(30));
      MeshProcess placer = mesh.process(Placers.of(mesh).holder());

      placer.kill();
      Instant death = Instant.now();

      Task task = client.await(client.submit(MeshClient.noop()).getId(), Duration.ofSeconds(30));
      Duration outage = Duration.between(death, Instant.now());
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(outage).isLessThanOrEqualTo(TAKEOVER);
    }
  }

  @Test
  void aRunningCommandIsAdoptedByTheNextPlacerAndRunsOnce() {
    try (MeshClient client = mesh.client()) {
      String id = client.submit(MeshClient.shell("sh", "-c", "sleep 8; echo done")).getId();
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(() -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING);

      mesh.process(Placers.of(mesh).holder()).kill();

      Task task = client.await(id, Duration.ofSeconds(60));
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getAttempt()).isEqualTo(1);
      assertThat(task.getResult().getStdout().toStringUtf8()).isEqualTo("done\n");
    }
  }

  /** Nightly: RouterProcessIT has the same with each change, without a mesh around it. */
  @Tag("nightly")
  @Test
  void aPlacerThatSleptThroughATakeoverCanWriteNothingWhenItWakes() throws Exception {
    OperationLog log = new OperationLog();
    try (MeshClient client = mesh.client()) {
      String before = Placers.of(mesh).holder();
      MeshProcess sleeper = mesh.process(before);
      try (Submitter submitter = new Submitter(client, log, 300)) {
        submitter.awaitSubmitted(50);
        log.fault("pause " + before, 200);
        sleeper.pause();
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> Placers.of(mesh).find().filter(name -> !name.equals(before)).isPresent());
        submitter.awaitSubmitted(150);
        sleeper.resume();
        submitter.awaitSubmitted(300);
      } finally {
        sleeper.resume();
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(
              () ->
                  assertThat(Placers.of(mesh).role(before.endsWith("0") ? 0 : 1))
                      .isEqualTo("standby"));
      assertThat(new HistoryChecker().violations(log.entries(), Submitter.histories(client, log)))
          .isEmpty();
    }
  }
}
