package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.e2e.mesh.ExtraProcess;
import dev.weft.e2e.mesh.ExtraWorker;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Rejection;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A worker that looks well, and on which every command fails that goes well elsewhere. */
@ExtendWith(SharedMesh.class)
class EjectionIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NAME = "rotten-01";

  private final LocalMesh mesh;

  EjectionIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  @Tag("nightly")
  void aWorkerOnWhichCommandsFailIsOutForAWhileTasksGoOnWhySaysItAndItComesBack(
      @TempDir Path directory) throws IOException {
    Path broken = open(directory).resolve("broken");
    try (MeshClient client = mesh.client();
        ExtraProcess worker =
            new ExtraWorker(mesh, directory, NAME)
                .with("WEFT_BWRAP", sandboxThatBreaksBy(broken).toString())
                .start()) {
      String rotten = awaitReady(client);
      Files.createFile(broken);

      Task witness = runUntilEjected(client, rotten);

      assertThat(mesh.weft("why", witness.getId()).expectSuccess().stdout())
          .containsPattern("EJECTED .*out of this shell work for \\d+ s: \\d+% of attempts failed");
      assertThat(run(client, 12)).extracting(Task::getWorkerId).doesNotContain(rotten);

      Files.delete(broken);
      await()
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> assertThat(run(client, 24)).extracting(Task::getWorkerId).contains(rotten));
      assertThat(worker.stop()).isIn(0, 143);
    }
  }

  /** A task that went elsewhere since the worker was out; all of them succeed all the same. */
  private static Task runUntilEjected(MeshClient client, String rotten) {
    Optional<Task> witness = Optional.empty();
    for (int round = 0; witness.isEmpty(); round++) {
      assertThat(round).as("rounds of 24 tasks").isLessThan(10);
      witness = run(client, 24).stream().filter(task -> ejected(client, task, rotten)).findFirst();
    }
    return witness.get();
  }

  private static boolean ejected(MeshClient client, Task task, String worker) {
    return client.decisions(task.getId()).stream()
        .flatMap(decision -> decision.getRejectionsList().stream())
        .filter(rejection -> rejection.getReason().equals("EJECTED"))
        .map(Rejection::getExampleWorkerId)
        .anyMatch(worker::equals);
  }

  private static List<Task> run(MeshClient client, int count) {
    List<String> ids =
        IntStream.range(0, count)
            .mapToObj(n -> client.submit(MeshClient.shell("sleep", "0.5")).getId())
            .toList();
    List<Task> tasks = ids.stream().map(id -> client.await(id, PATIENCE)).toList();
    assertThat(tasks).extracting(Task::getState).containsOnly(TaskState.TASK_STATE_SUCCEEDED);
    return tasks;
  }

  private static String awaitReady(MeshClient client) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                client.readyWorkers().stream()
                    .filter(worker -> worker.getProfile().getName().equals(NAME))
                    .map(worker -> worker.getId())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Bubblewrap, under limits that no command can start with as long as that file is there. */
  private Path sandboxThatBreaksBy(Path file) throws IOException {
    Path script = file.resolveSibling("bwrap");
    Files.writeString(
        script,
        "#!/bin/sh\n[ -e %s ] && ulimit -n 64\nexec %s \"$@\"\n".formatted(file, bubblewrap()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  /** The one that the mesh's own workers have: fetched by it, or found on the PATH. */
  private Path bubblewrap() {
    Optional<String> fetched = mesh.fetchedBubblewrap();
    return fetched.isPresent()
        ? Path.of(fetched.get())
        : Stream.of(System.getenv("PATH").split(":", -1))
            .map(directory -> Path.of(directory, "bwrap"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new AssertionError("bwrap: not on the PATH, and not fetched"));
  }

  /** Sandboxes of a worker that is root begin as somebody else, who has to see the file. */
  private static Path open(Path directory) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
