package dev.weft.worker;

import static dev.weft.worker.grpc.FakePlacer.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.weft.proto.internal.session.v1.HomeFrame;
import dev.weft.proto.internal.session.v1.TerminalSize;
import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.tasks.v1.AgentExecutor;
import dev.weft.proto.tasks.v1.BodyEnd;
import dev.weft.proto.tasks.v1.BodyEndCause;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real worker process is an agent's body, over real streams. */
class WorkerAgentIT {

  private final WorkerRig rig = new WorkerRig();

  @SuppressWarnings("NullAway.Init") // made before each test
  private Process worker;

  @BeforeEach
  void start() throws Exception {
    worker = rig.start(Map.of("WEFT_DRAIN_GRACE", "10s"));
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private void body(long fence, String workspace) {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setWorkspaceArtifact(workspace)
            .setAgent(
                AgentExecutor.newBuilder()
                    .setAgentId("agt_x")
                    .setBody((int) fence)
                    .setIdleTimeout(Duration.newBuilder().setSeconds(600)))
            .build();
    int before = rig.mesh.sessions.hellos.size();
    WorkerRig.await().until(rig.mesh.placer::connected);
    rig.mesh.placer.send(
        PlacerFrame.newBuilder()
            .addAssignments(
                Assignment.newBuilder()
                    .setKey(key("tsk_" + fence, fence))
                    .setTenant("acme")
                    .setSpec(spec.toByteString())));
    WorkerRig.await().until(() -> rig.mesh.sessions.hellos.size() > before);
    WorkerRig.await().until(() -> rig.mesh.placer.started().contains(key("tsk_" + fence, fence)));
  }

  @Test
  void itOffersTheKindAndHibernatesWithItsWorkspace() {
    assertThat(rig.mesh.placer.hellos().getFirst().getCapacity().getExecutorSlotsMap())
        .containsEntry("agent", 8);
    body(1, "");
    rig.mesh.sessions.run("c1", "echo kept > file; echo said");
    WorkerRig.await().until(() -> rig.mesh.sessions.end("c1").isPresent());
    assertThat(rig.mesh.sessions.output("c1")).isEqualTo("said\n");
    rig.mesh.sessions.say(
        HomeFrame.newBuilder()
            .setTerminalSize(TerminalSize.newBuilder().setColumns(90).setRows(30))
            .setTerminalInput(ByteString.copyFromUtf8("stty size; cat file\n")));
    WorkerRig.await().until(() -> rig.mesh.sessions.screen().contains("30 90"));

    rig.mesh.sessions.say(HomeFrame.newBuilder().setHibernate(true));

    AttemptResult result = rig.result(1);
    assertThat(result.getOutcome()).isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED);
    BodyEnd end = result.getResult().getBodyEnd();
    assertThat(end.getCause()).isEqualTo(BodyEndCause.BODY_END_CAUSE_HIBERNATED);
    assertThat(end.getBegunCommandIdsList()).containsExactly("c1");
    var artifact = rig.mesh.store.find(end.getWorkspaceArtifact());
    assertThat(artifact.getName()).isEqualTo("agents/agt_x/workspace");
    assertThat(artifact.getDigest()).isEqualTo(end.getManifestDigest());
    WorkerRig.await().until(() -> rig.mesh.sessions.finished);
    assertThat(rig.mesh.sessions.frames.getLast().getSnapshot().getManifestDigest())
        .isEqualTo(end.getManifestDigest());

    body(2, end.getWorkspaceArtifact());
    rig.mesh.sessions.run("c2", "cat file");
    WorkerRig.await().until(() -> rig.mesh.sessions.end("c2").isPresent());
    assertThat(rig.mesh.sessions.output("c2")).isEqualTo("kept\n");
  }

  @Test
  void aWorkerThatIsToStopSavesTheBodyAndEnds() throws Exception {
    body(1, "");
    rig.mesh.sessions.run("c1", "echo kept > file; sleep " + rig.mark);
    WorkerRig.await().until(() -> !rig.marked().isEmpty() && !waiting().isEmpty());
    List<ProcessHandle> waiting = waiting();

    worker.destroy();

    AttemptResult result = rig.result(1);
    BodyEnd end = result.getResult().getBodyEnd();
    assertThat(end.getCause()).as("%s", result).isEqualTo(BodyEndCause.BODY_END_CAUSE_DRAINED);
    assertThat(end.getPaths()).isOne();
    assertThat(rig.mesh.sessions.end("c1").orElseThrow().getProblem().getReason())
        .isEqualTo("COMMAND_INTERRUPTED");
    assertThat(worker.waitFor()).isZero();
    assertThat(waiting).noneMatch(ProcessHandle::isAlive);
  }

  /** What makes up the sandboxes that wait for the next bodies. */
  private List<ProcessHandle> waiting() {
    return worker
        .descendants()
        .filter(each -> WorkerRig.commandLine(each.pid()).strip().endsWith("weft-waiting"))
        .toList();
  }

  @Test
  void aWorkerThatIsKilledLeavesNothingOfItsBodies() throws Exception {
    body(1, "");
    rig.mesh.sessions.run("c1", "(setsid sleep " + rig.mark + " &); sleep " + rig.mark);
    rig.mesh.sessions.say(
        HomeFrame.newBuilder()
            .setTerminalInput(ByteString.copyFromUtf8("nohup sleep " + rig.mark + " &\n")));
    WorkerRig.await().until(() -> rig.marked().size() >= 4);

    worker.destroyForcibly().waitFor();

    WorkerRig.await().until(() -> rig.marked().isEmpty());
  }
}
