package dev.weft.worker;

import static dev.weft.worker.grpc.FakePlacer.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.internal.heartbeat.v1.Heartbeat;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.tasks.v1.ModelTokens;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.worker.grpc.FakeMesh;
import dev.weft.worker.grpc.FakePlacer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real worker process against a mesh of which it sees all that it ever sees. */
class WorkerProcessIT {

  private final WorkerRig rig = new WorkerRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void commandRunsInTheSandboxAndItsWordsComeBack() throws Exception {
    rig.start(Map.of());

    rig.mesh.placer.send(
        FakePlacer.shell(key("tsk_a", 1), "sh", "-c", "echo out; echo err >&2; exit 7"));

    AttemptResult result = rig.result(1);
    assertThat(result.getOutcome()).isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_FAILED);
    assertThat(result.getResult().getExitCode()).isEqualTo(7);
    assertThat(result.getResult().getStdout().toStringUtf8()).isEqualTo("out\n");
    assertThat(result.getResult().getStderr().toStringUtf8()).isEqualTo("err\n");
    assertThat(result.getProblem().getReason()).isEqualTo("EXIT_NONZERO");
    var profile = rig.mesh.registry.hellos().getFirst().getProfile();
    assertThat(profile.getSandboxLevel()).isEqualTo(SandboxLevel.SANDBOX_LEVEL_BUBBLEWRAP);
    assertThat(profile.getLimitsScope()).isIn("tree", "process");
    assertThat(profile.getExecutorsList()).containsExactly("agent", "noop", "shell");
  }

  @Test
  void whatACommandUsedOfModelsIsToldWhileItRunsAndWithItsResult() throws Exception {
    rig.start(Map.of());
    ModelTokens used =
        ModelTokens.newBuilder().setModel("small").setInputTokens(7).setOutputTokens(3).build();

    rig.mesh.placer.send(
        FakePlacer.shell(
            key("tsk_a", 1),
            "sh",
            "-c",
            "echo nonsense >> $WEFT_USAGE;"
                + " echo '{\"model\":\"small\",\"inputTokens\":7,\"outputTokens\":3}' >> $WEFT_USAGE;"
                + " sleep 600"));

    WorkerRig.await().until(() -> !rig.mesh.placer.tokens().isEmpty());
    assertThat(rig.mesh.placer.tokens().getFirst().getKey()).isEqualTo(key("tsk_a", 1));
    assertThat(rig.mesh.placer.tokens().getFirst().getModelsList()).containsExactly(used);
    rig.mesh.placer.send(PlacerFrame.newBuilder().addCancels(key("tsk_a", 1)));
    AttemptResult result = rig.result(1);
    assertThat(result.getTokensList()).containsExactly(used);
    assertThat(result.getResult().getIgnoredUsageLines()).isOne();
  }

  @Test
  void secretsOfTheWorkerAreNotInTheCommandsReach() throws Exception {
    rig.start(Map.of("CANARY", "canary-" + rig.mark));

    rig.mesh.placer.send(
        FakePlacer.shell(
            key("tsk_a", 1),
            "sh",
            "-c",
            "env; cat /proc/*/environ /proc/*/cmdline "
                + rig.data
                + "/key.pem "
                + rig.data
                + "/join-token"));

    String said = rig.said(rig.result(1));
    assertThat(said).contains("WEFT_TASK_ID=tsk_a");
    assertThat(said)
        .doesNotContain("canary-" + rig.mark)
        .doesNotContain(rig.mesh.token().reveal())
        .doesNotContain("PRIVATE KEY");
  }

  @Test
  void drainLetsWorkEndThenExitsWithZero() throws Exception {
    Process worker = rig.start(Map.of("WEFT_DRAIN_GRACE", "20s"));
    rig.mesh.placer.send(
        FakePlacer.shell(key("tsk_a", 1), "sh", "-c", ": " + rig.mark + "; sleep 3; echo done"));
    WorkerRig.await().until(() -> rig.mesh.placer.started().size() == 1);

    worker.destroy();

    WorkerRig.await()
        .until(() -> rig.mesh.registry.beats().stream().anyMatch(Heartbeat::getDraining));
    rig.mesh.placer.send(FakePlacer.noop(key("tsk_late", 2)));
    assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(rig.mesh.placer.results()).hasSize(1);
    assertThat(rig.said(rig.result(1))).isEqualTo("done\n");
    assertThat(rig.marked()).isEmpty();
  }

  @Test
  void whatRunsAtTheDeadlineIsPreempted() throws Exception {
    Process worker = rig.start(Map.of("WEFT_DRAIN_GRACE", "1s"));
    rig.mesh.placer.send(FakePlacer.shell(key("tsk_a", 1), "sleep", rig.mark));
    WorkerRig.await().until(() -> rig.mesh.placer.started().size() == 1);

    worker.destroy();

    assertThat(worker.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(rig.result(1).getOutcome()).isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_PREEMPTED);
    assertThat(rig.marked()).isEmpty();
  }

  @Test
  void secondSigtermEndsEverythingWithinFiveSeconds() throws Exception {
    Process worker = rig.start(Map.of("WEFT_DRAIN_GRACE", "600s"));
    rig.mesh.placer.send(
        FakePlacer.shell(
            key("tsk_a", 1),
            "sh",
            "-c",
            "trap '' TERM; (setsid sleep " + rig.mark + " &); while :; do sleep 1; done"));
    WorkerRig.await().until(() -> rig.mesh.placer.started().size() == 1);
    worker.destroy();
    WorkerRig.await()
        .until(() -> rig.mesh.registry.beats().stream().anyMatch(Heartbeat::getDraining));

    worker.destroy();

    assertThat(worker.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isZero();
    assertThat(rig.marked()).isEmpty();
  }

  @Test
  void sigtermDuringTheStartEndsIt() throws Exception {
    rig.loseMesh();
    Process worker = rig.launch(Map.of());
    WorkerRig.await().until(() -> Files.exists(rig.data.resolve("lock")));

    worker.destroy();

    assertThat(worker.waitFor(5, TimeUnit.SECONDS)).isTrue();
    rig.anotherMesh();
  }

  @Test
  void killedWorkerLeavesNothingAndComesBackAsItself() throws Exception {
    Process worker = rig.start(Map.of());
    for (int i = 1; i <= 4; i++) {
      rig.mesh.placer.send(
          FakePlacer.shell(
              key("tsk_" + i, i),
              "sh",
              "-c",
              "(setsid sleep " + rig.mark + " &); sleep " + rig.mark));
    }
    WorkerRig.await().until(() -> rig.mesh.placer.started().size() == 4);

    worker.destroyForcibly().waitFor();

    WorkerRig.await().atMost(Duration.ofSeconds(5)).until(() -> rig.marked().isEmpty());
    rig.start(Map.of());
    assertThat(rig.mesh.placer.hellos().getLast().getWorkerId()).isEqualTo(FakeMesh.WORKER_ID);
    assertThat(rig.mesh.placer.hellos().getLast().getRunningList()).isEmpty();
    assertThat(rig.mesh.placer.hellos().getLast().getIncarnation())
        .isGreaterThan(rig.mesh.placer.hellos().getFirst().getIncarnation());
  }

  @Test
  void secondWorkerOnOneDirectoryIsRefused() throws Exception {
    rig.start(Map.of());

    Process second = rig.launch(Map.of());

    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
  }

  @Test
  void unknownKeyOfTheProfileEndsTheStart() throws Exception {
    Files.writeString(rig.data.resolve("profile.yaml"), "{name: a, colour: red}");

    Process worker = rig.launch(Map.of());

    assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.exitValue()).isEqualTo(1);
    assertThat(Files.readString(rig.data.resolve("log"))).contains("colour: unknown key");
  }
}
