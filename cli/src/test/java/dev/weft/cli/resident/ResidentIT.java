package dev.weft.cli.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.cli.FakeGateway;
import dev.weft.cli.FakeOutput;
import dev.weft.cli.resident.ResidentRig.Ended;
import dev.weft.cli.resident.ResidentRig.Running;
import dev.weft.proto.artifacts.v1.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that a resident process runs are what they are without one. */
class ResidentIT {
  private static final int BYTES = 6_000_000;

  @TempDir Path folder;
  private ResidentRig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new ResidentRig(folder);
  }

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  @Test
  void firstCommandLeavesResidentThatRunsTheNext() throws Exception {
    rig.warm();
    CountDownLatch hold = new CountDownLatch(1);
    rig.artifacts().output().hold(hold);

    Running next = rig.start("logs", FakeGateway.TASK);

    await()
        .atMost(ResidentRig.PATIENCE)
        .until(() -> rig.artifacts().calls().contains("ReadOutput"));
    assertThat(next.isRelayed()).isTrue();
    hold.countDown();
    assertThat(next.end().code()).isZero();
  }

  @Test
  void exitCodeStreamsAndErrorsArePassedOn() throws Exception {
    rig.warm();
    rig.gateway().task(FakeGateway.task("TASK_STATE_FAILED", 7, "", ""));
    rig.artifacts()
        .output()
        .connections(
            List.of(FakeOutput.chunk(1, false, "to out\n"), FakeOutput.chunk(2, true, "to err\n")));

    assertThat(rig.weft("run", "--", "false")).isEqualTo(new Ended(7, "to out\n", "to err\n"));
    Ended unknown = rig.weft("get", "tsk_01k0000000000000000000000b");
    assertThat(unknown.code()).isEqualTo(5);
    assertThat(unknown.err()).startsWith("weft: TASK_NOT_FOUND");
    assertThat(rig.weft("get", "--nonsense").code()).isEqualTo(2);
  }

  @Test
  void namesOfFilesAreRelativeToWhereTheyWereTyped() throws Exception {
    rig.warm();
    Path project = Files.createDirectory(folder.resolve("project"));
    Files.writeString(project.resolve("a.txt"), "a");
    Artifact kept = rig.artifacts().keep("text/plain", ByteString.copyFromUtf8("kept"));

    Ended ran =
        rig.start(rig.command("run", "--dir", ".", "--", "true").directory(project.toFile())).end();
    Ended got =
        rig.start(
                rig.command("artifacts", "get", kept.getId(), "b.txt").directory(project.toFile()))
            .end();

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(got.code()).as(got.err()).isZero();
    String tree =
        rig.gateway().submitted().getFirst().path("spec").path("workspaceArtifact").asText();
    assertThat(rig.artifacts().tree(tree).getEntriesList())
        .extracting(entry -> entry.getPath().toStringUtf8())
        .containsExactly("a.txt");
    assertThat(project.resolve("b.txt")).hasContent("kept");
  }

  @Test
  void eachUmaskHasItsOwn() throws Exception {
    Artifact kept = rig.artifacts().keep("text/plain", ByteString.copyFromUtf8("kept"));
    rig.warm();

    for (String name : List.of("first", "second")) {
      Ended got = masked(rig.command("artifacts", "get", kept.getId(), name)).end();
      assertThat(got.code()).as(got.err()).isZero();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
          .isEqualTo("rw-------");
      await().atMost(ResidentRig.PATIENCE).until(() -> rig.sockets().size() == 2);
    }
  }

  private Running masked(ProcessBuilder command) throws IOException {
    List<String> argv = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$0\" \"$@\""));
    argv.addAll(command.command());
    return rig.start(command.command(argv));
  }

  @Test
  void pipedInputArrivesWhole() throws Exception {
    rig.warm();
    Path input = folder.resolve("input");
    Files.write(input, ResidentRig.bytes(BYTES));

    Ended put = rig.start(rig.command("artifacts", "put", "-").redirectInput(input.toFile())).end();

    assertThat(put.code()).as(put.err()).isZero();
    assertThat(rig.artifacts().artifact(put.out().strip()).getSizeBytes()).isEqualTo(BYTES);
  }

  @Test
  void inputThatCanNotBeReadIsNoEmptyInput() throws Exception {
    rig.warm();
    ProcessBuilder put = rig.command("artifacts", "put", "-");
    List<String> argv = new ArrayList<>(List.of("sh", "-c", "exec \"$0\" \"$@\" <."));
    argv.addAll(put.command());

    Ended ended = rig.start(put.command(argv)).end();

    assertThat(ended.code()).isNotZero();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("Is a directory");
  }

  @Test
  void inputThatNobodyReadsIsLeftForTheNextProgram() throws Exception {
    rig.warm();
    Path input = folder.resolve("input");
    Files.writeString(input, "for the next");
    ProcessBuilder both = rig.command("get", FakeGateway.TASK);
    List<String> argv = new ArrayList<>(List.of("sh", "-c", "\"$0\" \"$@\" >/dev/null; cat"));
    argv.addAll(both.command());

    Ended ended = rig.start(both.command(argv).redirectInput(input.toFile())).end();

    assertThat(ended.out()).isEqualTo("for the next");
  }

  @Test
  void slowReaderGetsAllOfItAndHoldsUpNobody() throws Exception {
    rig.warm();
    byte[] content = ResidentRig.bytes(BYTES);
    Artifact kept = rig.artifacts().keep("application/octet-stream", ByteString.copyFrom(content));
    ProcessBuilder slow = rig.command("artifacts", "get", "-q", kept.getId());
    Process unread = slow.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    await()
        .atMost(ResidentRig.PATIENCE)
        .until(() -> rig.artifacts().calls().contains("DownloadArtifact"));

    assertThat(rig.weft("get", FakeGateway.TASK).code()).isZero();

    assertThat(unread.isAlive()).isTrue();
    assertThat(unread.getInputStream().readAllBytes()).isEqualTo(content);
    assertThat(unread.waitFor()).isZero();
  }

  @Test
  void readerThatGoesEndsTheCommand() throws Exception {
    rig.warm();
    Artifact kept =
        rig.artifacts()
            .keep("application/octet-stream", ByteString.copyFrom(ResidentRig.bytes(BYTES)));
    Process unread = rig.command("artifacts", "get", "-q", kept.getId()).start();
    assertThat(unread.getInputStream().read()).isNotNegative();

    unread.getInputStream().close();

    assertThat(unread.waitFor(ResidentRig.PATIENCE)).isTrue();
  }

  @Test
  void twentyAtOnceAreAllAnswered() throws Exception {
    rig.warm();
    rig.gateway().task(FakeGateway.task("TASK_STATE_SUCCEEDED", 0, "", ""));
    List<Running> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rig.artifacts().output().connections(List.of(FakeOutput.chunk(1, false, "said\n")));
      all.add(rig.start("run", "-q", "--", "true"));
    }

    assertThat(all).extracting(Running::end).containsOnly(new Ended(0, "said\n", ""));
    assertThat(rig.gateway().submitted()).hasSize(20);
  }

  @Test
  void noneIsLeftWhereNoneIsWanted() throws Exception {
    rig.variable("WEFT_RESIDENT", "off");
    assertThat(rig.weft("get", FakeGateway.TASK).code()).isZero();
    rig.variable("WEFT_RESIDENT", "");
    rig.variable("CI", "true");
    assertThat(rig.weft("get", FakeGateway.TASK).code()).isZero();
    assertThat(rig.place()).doesNotExist();

    rig.variable("WEFT_RESIDENT", "maybe");
    Ended wrong = rig.weft("get", FakeGateway.TASK);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("WEFT_RESIDENT: maybe (expected: on or off)");
  }

  @Test
  void commandReadsItsOwnDescriptors() throws Exception {
    rig.warm();
    Path input = folder.resolve("input");
    Files.write(input, ResidentRig.bytes(1000));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/stdin"));

    Ended put =
        rig.start(rig.command("artifacts", "put", "/dev/stdin").redirectInput(input.toFile()))
            .end();
    Ended linked =
        rig.start(rig.command("artifacts", "put", link.toString()).redirectInput(input.toFile()))
            .end();

    assertThat(put.code()).as(put.err()).isZero();
    assertThat(rig.artifacts().artifact(put.out().strip()).getSizeBytes()).isEqualTo(1000);
    assertThat(linked.code()).isNotZero();
    assertThat(linked.err()).contains("another file in each process", "WEFT_RESIDENT=off");
  }

  @Test
  void ordinaryCommandsAreNotServed() throws Exception {
    rig.warm();
    Files.delete(rig.relay()); // Whoever is handed over can't be.

    assertThat(rig.weft("get", FakeGateway.TASK).code()).isNotZero();
    assertThat(rig.weft("version").out()).startsWith("weft ");
    assertThat(rig.weft("run", "--help").out()).contains("Runs a command on the best worker");
    assertThat(rig.residents()).hasSize(1);
  }
}
