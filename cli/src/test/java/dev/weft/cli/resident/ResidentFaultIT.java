package dev.weft.cli.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.cli.FakeGateway;
import dev.weft.cli.resident.ResidentRig.Ended;
import dev.weft.cli.resident.ResidentRig.Running;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is done twice, and nothing is lost in silence, whoever dies. */
class ResidentFaultIT {
  @TempDir Path folder;
  private ResidentRig rig;
  private final CountDownLatch taskEnds = new CountDownLatch(1);

  @BeforeEach
  void start() throws IOException {
    rig = new ResidentRig(folder);
    rig.gateway()
        .onCancel(
            () -> {
              rig.gateway().task(FakeGateway.task("TASK_STATE_CANCELLED", 0, "", ""));
              taskEnds.countDown();
            });
  }

  @AfterEach
  void stop() throws IOException {
    taskEnds.countDown();
    rig.close();
  }

  /** A run whose task does not end by itself. */
  private Running endlessRun() throws IOException {
    rig.artifacts().output().hold(taskEnds);
    List<String> argv = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    ProcessBuilder command = rig.command("run", "--", "sleep", "infinity");
    argv.addAll(command.command());
    Running run = rig.start(command.command(argv));
    await()
        .atMost(ResidentRig.PATIENCE)
        .until(() -> rig.artifacts().calls().contains("ReadOutput"));
    assertThat(run.isRelayed()).isTrue();
    return run;
  }

  private boolean isCancelled() {
    return rig.gateway().requests().contains("POST /v1/tasks/" + FakeGateway.TASK + ":cancel");
  }

  @Test
  void residentThatDiesInTheMiddleIsTold() throws Exception {
    ProcessHandle resident = rig.warm();
    Running run = endlessRun();

    resident.destroyForcibly();

    Ended ended = run.end();
    assertThat(ended.code()).isEqualTo(125);
    assertThat(ended.err()).contains("ended in the middle of this command");
    assertThat(rig.gateway().submitted()).hasSize(1);
  }

  @Test
  void whatAResidentDiedOfRunsInAProcessOfItsOwn() throws Exception {
    ProcessHandle resident = rig.warm();
    Running run = endlessRun();
    resident.destroyForcibly();
    assertThat(run.end().code()).isEqualTo(125);
    rig.warm();

    Running again = rig.start("run", "--", "sleep", "infinity");

    await().atMost(ResidentRig.PATIENCE).until(() -> rig.gateway().submitted().size() == 2);
    assertThat(again.isRelayed()).isFalse();
    again.process().destroyForcibly();
  }

  @Test
  void oneThatOnlyFinishesIsInNobodysWay() throws Exception {
    ProcessHandle old = rig.warm();
    Running run = endlessRun();
    for (Path socket : rig.sockets()) {
      Files.delete(socket);
    }

    await()
        .atMost(ResidentRig.PATIENCE)
        .until(
            () ->
                rig.weft("get", FakeGateway.TASK).code() == 0
                    && rig.residents().size() == 2
                    && rig.sockets().size() == 1);

    assertThat(old.isAlive()).isTrue();
    assertThat(run.process().isAlive()).isTrue();
    ResidentRig.signal("INT", run.process().toHandle());
    assertThat(run.end().code()).isEqualTo(130);
    await().atMost(ResidentRig.PATIENCE).until(() -> !old.isAlive());
    assertThat(rig.sockets()).hasSize(1);
  }

  @Test
  void socketOfOneThatWasKilledIsReplaced() throws Exception {
    ProcessHandle killed = rig.warm();
    Path socket = rig.sockets().getFirst();
    killed.destroyForcibly();
    await().atMost(ResidentRig.PATIENCE).until(() -> rig.residents().isEmpty());
    Files.deleteIfExists(socket); // Its own may have been replaced already.
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }

    assertThat(rig.warm().pid()).isNotEqualTo(killed.pid());
  }

  @Test
  void residentThatDoesNotAnswerIsDoneWithout() throws Exception {
    ProcessHandle resident = rig.warm();
    ResidentRig.signal("STOP", resident);

    Ended ended = rig.weft("submit", "--", "true");

    assertThat(ended.code()).as(ended.err()).isZero();
    ResidentRig.signal("CONT", resident);
    assertThat(rig.weft("get", FakeGateway.TASK).code()).isZero();
    assertThat(rig.gateway().submitted()).hasSize(1);
  }

  @Test
  void anotherBuildHasAnotherResident() throws Exception {
    ProcessHandle old = rig.warm();
    Files.setLastModifiedTime(rig.program(), FileTime.from(Instant.now().plusSeconds(1)));

    assertThat(rig.weft("get", FakeGateway.TASK).code()).isZero();

    await().atMost(ResidentRig.PATIENCE).until(() -> !old.isAlive());
    assertThat(rig.warm().pid()).isNotEqualTo(old.pid());
  }

  @Test
  void endsWhenItsFolderIsGone() throws Exception {
    ProcessHandle resident = rig.warm();
    for (Path socket : rig.sockets()) {
      Files.delete(socket);
    }

    await().atMost(ResidentRig.PATIENCE).until(() -> !resident.isAlive());
  }

  @Test
  void endsWhenNobodyAsks() throws Exception {
    rig.variable("WEFT_RESIDENT_IDLE", "1s");
    ProcessHandle resident = rig.warm();

    await().atMost(ResidentRig.PATIENCE).until(() -> !resident.isAlive());
    assertThat(rig.sockets()).isEmpty();
  }

  @Test
  void folderThatOthersCanLookIntoIsNotUsed() throws Exception {
    rig.warm();
    Files.setPosixFilePermissions(rig.place(), PosixFilePermissions.fromString("rwxr-xr-x"));

    Ended ended = rig.weft("get", FakeGateway.TASK);

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("is not used", "rwxr-xr-x", "expected: a directory of");
  }

  @Test
  void clientThatVanishesCancelsItsTask() throws Exception {
    rig.warm();
    Running run = endlessRun();

    run.process().destroyForcibly();

    await().atMost(ResidentRig.PATIENCE).until(this::isCancelled);
  }

  @Test
  void interruptCancelsAndWaits() throws Exception {
    rig.warm();
    Running run = endlessRun();

    ResidentRig.signal("INT", run.process().toHandle());

    Ended ended = run.end();
    assertThat(ended.code()).isEqualTo(130);
    assertThat(ended.err()).contains("cancelling " + FakeGateway.TASK);
    assertThat(isCancelled()).isTrue();
  }

  @Test
  void secondInterruptLeavesAtOnce() throws Exception {
    ProcessHandle resident = rig.warm();
    rig.gateway().onCancel(() -> {});
    Running run = endlessRun();
    ResidentRig.signal("INT", run.process().toHandle());
    await().atMost(ResidentRig.PATIENCE).until(this::isCancelled);

    ResidentRig.signal("INT", run.process().toHandle());

    assertThat(run.end().code()).isEqualTo(130);
    assertThat(resident.isAlive()).isTrue();
  }

  @Test
  void signalEndsCommandThatDoesNotHandleIt() throws Exception {
    ProcessHandle resident = rig.warm();
    rig.artifacts().output().hold(taskEnds);
    Running logs = rig.start("logs", "-f", FakeGateway.TASK);
    await()
        .atMost(ResidentRig.PATIENCE)
        .until(() -> rig.artifacts().calls().contains("ReadOutput"));

    ResidentRig.signal("TERM", logs.process().toHandle());

    assertThat(logs.end().code()).isEqualTo(143);
    assertThat(resident.isAlive()).isTrue();
  }
}
