package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R34: leases are a matter of monotonic clocks, whatever the wall says. */
@Tag("nightly")
@ExtendWith(SharedMesh.class)
class ClockJumpIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalMesh mesh;

  ClockJumpIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @ParameterizedTest
  @ValueSource(strings = {"+10m", "-10m", "-1h"})
  void aWorkersClockThatJumpsWhileItRunsSomethingCostsNoLease(String jump, @TempDir Path directory)
      throws IOException {
    String name = "jumping" + jump.replace("+", "-on-").replace("-", "-by-");
    SkewedClock clock = new SkewedClock(directory);
    ExtraWorker jumping = new ExtraWorker(mesh, directory, name);
    clock.environment().forEach(jumping::with);
    try (MeshClient client = mesh.client();
        ExtraProcess _ = jumping.start()) {
      String script = "sleep 15; echo attempt $WEFT_ATTEMPT";
      String id = client.submit(MeshClient.shellOn(name, "sh", "-c", script)).getId();
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> client.get(id).getState() == TaskState.TASK_STATE_RUNNING);

      clock.move(jump);

      Task task = client.await(id, PATIENCE);
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getResult().getStdout().toStringUtf8()).isEqualTo("attempt 1\n");
    }
  }
}
