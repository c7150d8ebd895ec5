package dev.weft.worker;

import static dev.weft.worker.grpc.FakePlacer.key;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.OutputSource;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import dev.weft.proto.internal.work.v1.Assignment;
import dev.weft.proto.internal.work.v1.AttemptOutcome;
import dev.weft.proto.internal.work.v1.AttemptResult;
import dev.weft.proto.internal.work.v1.PlacerFrame;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.WorkspaceCapture;
import dev.weft.worker.grpc.FakePlacer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real worker process brings files and secrets along and takes changes and output away. */
class WorkerCarryIT {

  private static final String TREE = "application/vnd.weft.tree";

  private final WorkerRig rig = new WorkerRig();

  @BeforeEach
  void start() throws Exception {
    rig.start(Map.of());
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void aDirectoryGoesToTheWorkerAndWhatChangedComesBack() throws Exception {
    String odd = new String(new byte[] {'n', (byte) 0xff, '\n'}, ISO_8859_1);
    String workspace =
        tree(
            directory("src"),
            file("src/in.txt", "input\n", 0644),
            file("run.sh", "#!/bin/sh\ncat src/in.txt; echo done > out.txt; rm gone\n", 0755),
            file("gone", "x", 0644),
            file(odd, "odd\n", 0600));

    rig.mesh.placer.send(
        task(
            1,
            TaskSpec.newBuilder()
                .setShell(
                    ShellExecutor.newBuilder().addArgv("./run.sh; cat n*; ls -A").setUseShell(true))
                .setWorkspaceArtifact(workspace)
                .setWorkspaceCapture(WorkspaceCapture.WORKSPACE_CAPTURE_CHANGES)));

    AttemptResult result = rig.result(1);
    assertThat(result.getOutcome())
        .as("%s", result)
        .isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED);
    assertThat(rig.said(result)).startsWith("input\nodd\n");
    assertThat(result.getResult().getChangedPaths()).isEqualTo(2);
    var artifact = rig.mesh.store.find(result.getResult().getChangesArtifact());
    assertThat(artifact.getName()).isEqualTo("changes/tsk_1/1");
    Tree changes = Tree.parseFrom(rig.mesh.store.content(artifact.getDigest()));
    assertThat(changes.getEntriesList()).hasSize(1);
    assertThat(changes.getEntries(0).getPath().toStringUtf8()).isEqualTo("out.txt");
    assertThat(rig.mesh.store.content(changes.getEntries(0).getDigest()))
        .asString()
        .isEqualTo("done\n");
    assertThat(changes.getRemovedList()).containsExactly(ByteString.copyFromUtf8("gone"));
  }

  @Test
  void aDirectoryOf50000FilesGoesThroughAWorkerWithASmallHeap() throws Exception {
    aDirectoryOf(100);
  }

  @Tag("nightly")
  @Test
  void aDirectoryOf200000FilesGoesThroughAWorkerWithASmallHeap() throws Exception {
    aDirectoryOf(400);
  }

  private void aDirectoryOf(int directories) throws Exception {
    List<TreeEntry> entries = new ArrayList<>();
    for (int d = 0; d < directories; d++) {
      entries.add(directory("directory-" + d));
      for (int f = 0; f < 500; f++) {
        String name = "directory-%d/some-source-file-%d.java".formatted(d, f);
        entries.add(file(name, "content " + (d * 500 + f) % 20_000, 0644));
      }
    }

    rig.mesh.placer.send(
        task(
            1,
            TaskSpec.newBuilder()
                .setShell(
                    ShellExecutor.newBuilder()
                        .addArgv("find . -type f | wc -l; echo x > directory-7/new")
                        .setUseShell(true))
                .setWorkspaceArtifact(tree(entries.toArray(TreeEntry[]::new)))
                .setWorkspaceCapture(WorkspaceCapture.WORKSPACE_CAPTURE_CHANGES)));

    WorkerRig.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> !rig.mesh.placer.results().isEmpty());
    AttemptResult result = rig.result(1);
    assertThat(result.getOutcome())
        .as("%s", result)
        .isEqualTo(AttemptOutcome.ATTEMPT_OUTCOME_SUCCEEDED);
    assertThat(rig.said(result)).isEqualTo(directories * 500 + "\n");
    assertThat(result.getResult().getChangedPaths()).isEqualTo(2);
  }

  @Test
  void changesAreKeptAlsoWhenTheCommandFailed() throws Exception {
    rig.mesh.placer.send(
        task(
            1,
            TaskSpec.newBuilder()
                .setShell(
                    ShellExecutor.newBuilder().addArgv("echo x > report; exit 3").setUseShell(true))
                .setWorkspaceCapture(WorkspaceCapture.WORKSPACE_CAPTURE_CHANGES)));

    AttemptResult result = rig.result(1);
    assertThat(result.getProblem().getReason()).isEqualTo("EXIT_NONZERO");
    assertThat(result.getResult().getExitCode()).isEqualTo(3);
    assertThat(result.getResult().getChangedPaths()).isEqualTo(1);
  }

  @Test
  void aTreeThatLeadsOutFailsTheAttemptWithItsReason() throws Exception {
    String workspace = tree(file("../escape", "x", 0644));

    rig.mesh.placer.send(
        task(
            1,
            TaskSpec.newBuilder()
                .setShell(ShellExecutor.newBuilder().addArgv("true"))
                .setWorkspaceArtifact(workspace)));

    assertThat(rig.result(1).getProblem().getReason()).isEqualTo("WORKSPACE_INVALID");
  }

  @Test
  void muchOutputGoesToALogAndNotIntoTheResult() throws Exception {
    rig.mesh.placer.send(
        FakePlacer.shell(key("tsk_1", 1), "sh", "-c", "seq 1 200000; echo oops >&2; exit 4"));

    AttemptResult result = rig.result(1);
    assertThat(result.getResult().getOutputLogged()).isTrue();
    assertThat(result.getResult().getOutput()).isEmpty();
    assertThat(result.getResult().getOutputTruncated()).isFalse();
    assertThat(result.getResult().getExitCode()).isEqualTo(4);
    WorkerRig.await().until(() -> rig.mesh.log.closed());
    String out = rig.mesh.log.text(OutputSource.OUTPUT_SOURCE_STDOUT);
    assertThat(out).startsWith("1\n2\n3\n").endsWith("199999\n200000\n");
    assertThat(out.lines()).hasSize(200_000);
    assertThat(rig.mesh.log.text(OutputSource.OUTPUT_SOURCE_STDERR)).isEqualTo("oops\n");
    assertThat(result.getResult().getOutputBytes()).isEqualTo(out.length() + 5L);
  }

  @Test
  void aSecretReachesTheCommandAndNothingElse() throws Exception {
    String canary = "canary-" + UUID.randomUUID();
    byte[] raw = ("raw\n\u00ff-" + canary).getBytes(ISO_8859_1);
    rig.mesh.secrets.values.put("deploy.key", ByteString.copyFromUtf8(canary));
    rig.mesh.secrets.values.put("raw", ByteString.copyFrom(raw));
    AtomicBoolean seen = new AtomicBoolean();
    Thread watcher = Thread.ofPlatform().daemon().start(() -> watchCommandLines(canary, seen));

    rig.mesh.placer.send(
        task(
            1,
            TaskSpec.newBuilder()
                .setShell(
                    ShellExecutor.newBuilder()
                        .addArgv(
                            "printf %s \"$RAW\" | sha256sum; [ -n \"$TOKEN\" ] && echo ${#TOKEN}; sleep 1")
                        .setUseShell(true))
                .addSecrets("TOKEN=secret://deploy.key")
                .addSecrets("RAW=secret://raw")));

    AttemptResult result = rig.result(1);
    watcher.interrupt();
    watcher.join();
    String sha =
        java.util.HexFormat.of()
            .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(raw));
    assertThat(rig.mesh.secrets.asked).containsExactly(key("tsk_1", 1));
    WorkerRig.await().until(() -> rig.mesh.log.closed());
    assertThat(rig.mesh.log.text(OutputSource.OUTPUT_SOURCE_STDOUT))
        .isEqualTo(sha + "  -\n" + canary.length() + "\n");
    assertThat(seen).as("a command line of the machine shows it").isFalse();
    assertThat(result.toString()).doesNotContain(canary);
    assertThat(rig.log()).doesNotContain(canary);
    try (var files = Files.walk(rig.data)) {
      assertThat(files.filter(Files::isRegularFile).map(WorkerCarryIT::read))
          .noneMatch(text -> text.contains(canary));
    }
  }

  @Test
  void aSecretThatIsGoneFailsTheAttemptByName() throws Exception {
    rig.mesh.secrets.deleted = true;

    rig.mesh.placer.send(
        task(
            1,
            TaskSpec.newBuilder()
                .setShell(ShellExecutor.newBuilder().addArgv("true"))
                .addSecrets("TOKEN=secret://deploy.key")));

    AttemptResult result = rig.result(1);
    assertThat(result.getProblem().getReason()).isEqualTo("SECRET_NOT_FOUND");
    assertThat(result.getProblem().getMetadataMap()).containsEntry("name", "deploy.key");
  }

  private static void watchCommandLines(String canary, AtomicBoolean seen) {
    while (!Thread.currentThread().isInterrupted()) {
      if (ProcessHandle.allProcesses()
          .anyMatch(process -> WorkerRig.commandLine(process.pid()).contains(canary))) {
        seen.set(true);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (java.io.IOException e) {
      return "";
    }
  }

  private static PlacerFrame.Builder task(long fence, TaskSpec.Builder spec) {
    return PlacerFrame.newBuilder()
        .addAssignments(
            Assignment.newBuilder()
                .setKey(key("tsk_" + fence, fence))
                .setTenant("acme")
                .setSpec(spec.build().toByteString()));
  }

  private String tree(TreeEntry... entries) {
    byte[] bytes = Tree.newBuilder().addAllEntries(List.of(entries)).build().toByteArray();
    return rig.mesh.store.artifact("workspace", TREE, bytes);
  }

  private TreeEntry file(String name, String content, int mode) {
    byte[] bytes = content.getBytes(UTF_8);
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFrom(name, ISO_8859_1))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_FILE)
        .setMode(mode)
        .setSizeBytes(bytes.length)
        .setDigest(rig.mesh.store.blob(bytes))
        .build();
  }

  private static TreeEntry directory(String name) {
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(name))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY)
        .setMode(0755)
        .build();
  }
}
