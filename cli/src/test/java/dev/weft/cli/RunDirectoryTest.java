package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code run} with a directory, its output and its changes. */
class RunDirectoryTest {
  @TempDir Path home;
  private CommandRig rig;
  private Path project;

  @BeforeEach
  void start() throws Exception {
    rig = new CommandRig(home);
    project = Files.createDirectory(home.resolve("project"));
    Files.writeString(project.resolve("a.txt"), "a");
    Files.writeString(project.resolve("b.log"), "b");
    Files.writeString(project.resolve(".gitignore"), "*.log\n");
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void directoryBecomesTheWorkspace() {
    assertThat(rig.weft("run", "--dir", project.toString(), "--", "true")).isZero();

    JsonNode spec = rig.gateway().submitted().getFirst().path("spec");
    Tree tree = rig.artifacts().tree(spec.path("workspaceArtifact").asText());
    assertThat(tree.getEntriesList())
        .extracting(entry -> entry.getPath().toStringUtf8())
        .containsExactly(".gitignore", "a.txt");
    assertThat(spec.has("workspaceCapture")).isFalse();
    assertThat(rig.stderr()).containsPattern("2 files \\(7 B\\) packed, 2 \\(7 B\\) sent");
  }

  @Test
  void aDirectoryThatWasSentLatelyIsNotAskedAbout() {
    String first = runInProject();
    rig.artifacts().calls().clear();

    assertThat(runInProject()).isEqualTo(first);

    assertThat(rig.artifacts().calls()).doesNotContain("UploadArtifact");
    assertThat(rig.stderr()).containsPattern("2 files \\(7 B\\) packed, 0 \\(0 B\\) sent");
  }

  @Test
  void aDirectoryThatChangedIsSentAgain() throws Exception {
    String first = runInProject();
    Files.writeString(project.resolve("a.txt"), "another");

    String second = runInProject();

    assertThat(second).isNotEqualTo(first);
    assertThat(rig.artifacts().tree(second)).isNotEqualTo(rig.artifacts().tree(first));
  }

  @Test
  void whatTheMeshHasLetGoIsSentAnew() {
    String first = runInProject();
    rig.gateway().gone(first);

    String second = runInProject();

    assertThat(second).isNotEqualTo(first);
    assertThat(rig.gateway().submitted()).hasSize(2);
    assertThat(rig.artifacts().tree(second)).isEqualTo(rig.artifacts().tree(first));
  }

  @Test
  void whatIsRefusedForAnotherReasonIsNotSentAnew() {
    runInProject();
    rig.gateway().throttle(1, "SUBMIT_RATE", Map.of("throttle_delay_ms", "86400000"), "");
    rig.artifacts().calls().clear();

    assertThat(rig.weft("run", "--dir", project.toString(), "--", "true"))
        .isEqualTo(ExitCodes.RUN_BROKEN);

    assertThat(rig.artifacts().calls()).doesNotContain("UploadArtifact");
    assertThat(rig.gateway().submitted()).hasSize(1);
  }

  @Test
  void whatATaskCouldNotUseIsSentAgain() {
    runInProject();
    ObjectNode failed = FakeGateway.task("TASK_STATE_FAILED", 0, "", "");
    failed.putObject("problem").put("reason", "BLOB_CORRUPT").put("message", "damaged");
    rig.gateway().task(failed);
    rig.weft("run", "--dir", project.toString(), "--", "true");
    rig.artifacts().calls().clear();

    rig.weft("run", "--dir", project.toString(), "--", "true");

    assertThat(rig.artifacts().calls()).contains("UploadArtifact");
  }

  /** Answers the workspace that the task was given. */
  private String runInProject() {
    assertThat(rig.weft("run", "--dir", project.toString(), "--", "true"))
        .as(rig.stderr())
        .isZero();
    JsonNode spec = rig.gateway().submitted().getLast().path("spec");
    return spec.path("workspaceArtifact").asText();
  }

  @Test
  void quietSaysNothing() {
    rig.weft("run", "-q", "--dir", project.toString(), "--", "true");

    assertThat(rig.stderr()).isEmpty();
  }

  @Test
  void secretsAndHardwareAreAskedFor() {
    rig.weft("run", "--gpu", "--secret", "TOKEN=deploy-token", "--secret", "KEY", "--", "true");

    JsonNode spec = rig.gateway().submitted().getFirst().path("spec");
    assertThat(spec.path("secrets").toString())
        .isEqualTo("[\"TOKEN=secret://deploy-token\",\"KEY=secret://KEY\"]");
    assertThat(spec.path("requirements").path("gpus").asInt()).isEqualTo(1);
  }

  @Test
  void changesComeBack() {
    finishedWith(changes());

    int code =
        rig.weft("run", "--dir", project.toString(), "--out", project.toString(), "--", "true");

    assertThat(code).as(rig.stderr()).isZero();
    assertThat(rig.gateway().submitted().getFirst().path("spec").path("workspaceCapture").asText())
        .isEqualTo("WORKSPACE_CAPTURE_CHANGES");
    assertThat(project.resolve("build/report")).hasContent("all well");
    assertThat(project.resolve("a.txt")).doesNotExist();
    assertThat(rig.stderr()).contains("2 written, 1 removed in " + project);
  }

  @Test
  void whatStayedAtHomeStaysAsItIs() throws Exception {
    Path hooks = Files.createDirectories(project.resolve(".git/hooks"));
    finishedWith(
        tree(
            Tree.newBuilder()
                .addEntries(folder(".git"))
                .addEntries(folder(".git/hooks"))
                .addEntries(file(".git/hooks/pre-commit", "evil"))
                .addEntries(file("b.log", "evil"))
                .addRemoved(ByteString.copyFromUtf8("b.log"))));

    int code =
        rig.weft("run", "--dir", project.toString(), "--out", project.toString(), "--", "true");

    assertThat(code).isEqualTo(ExitCodes.RUN_BROKEN);
    assertThat(hooks).isEmptyDirectory();
    assertThat(project.resolve("b.log")).hasContent("b");
    assertThat(rig.stderr())
        .contains("left alone, since it is git's own, which no task writes: .git (")
        .containsOnlyOnce("left alone, since it is here and was not packed: b.log (");
  }

  @Test
  void gitsOwnIsNotUnpackedByHandEither() {
    Artifact changes =
        tree(Tree.newBuilder().addEntries(folder(".git")).addEntries(file(".git/config", "evil")));
    Path copy = home.resolve("copy");

    assertThat(rig.weft("artifacts", "get", "--unpack", copy.toString(), changes.getId()))
        .isEqualTo(ExitCodes.FAILED);

    assertThat(copy).isEmptyDirectory();
    assertThat(rig.stderr())
        .contains("left alone, since it is git's own, which no task writes: .git");
  }

  @Test
  void captureAloneSaysHowToGetThem() {
    Artifact changes = changes();
    finishedWith(changes);

    rig.weft("run", "--capture", "--dir", project.toString(), "--", "true");

    assertThat(rig.stderr()).contains("weft artifacts get --unpack DIR " + changes.getId());
    assertThat(project.resolve("a.txt")).exists();
  }

  @Test
  void changesThatAreNotCompleteAreNoSuccess() {
    ObjectNode task = FakeGateway.task("TASK_STATE_SUCCEEDED", 0, "", "");
    ((ObjectNode) task.path("result"))
        .putObject("changesProblem")
        .put("reason", "CHANGES_INCOMPLETE")
        .put("message", "too many");
    rig.gateway().task(task);

    int code = rig.weft("run", "--out", project.toString(), "--", "true");

    assertThat(code).isEqualTo(ExitCodes.RUN_BROKEN);
    assertThat(rig.stderr()).contains("not all changes came back: too many");
  }

  @Test
  void outputComesByteByByteAndApart() {
    rig.artifacts()
        .output()
        .connections(
            List.of(FakeOutput.chunk(1, false, "a\u0000\r\n"), FakeOutput.chunk(2, true, "e")),
            List.of(FakeOutput.chunk(2, true, "e"), FakeOutput.chunk(3, false, "ü")));

    assertThat(rig.weft("run", "--", "x")).isZero();

    assertThat(rig.stdout()).isEqualTo("a\u0000\r\nü");
    assertThat(rig.stderr()).isEqualTo("e");
  }

  @Test
  void withoutALogTheResultsOwnOutputIsPrintedWhenTheStreamIsRefused() {
    rig.gateway().task(FakeGateway.task("TASK_STATE_SUCCEEDED", 0, "from the result\n", ""));
    rig.artifacts().output().refuse();

    assertThat(rig.weft("run", "--", "x")).isZero();

    assertThat(rig.stdout()).isEqualTo("from the result\n");
  }

  @Test
  void outputThatCannotBeReadIsNoSuccess() {
    ObjectNode task = FakeGateway.task("TASK_STATE_SUCCEEDED", 0, "", "");
    ((ObjectNode) task.path("result")).put("outputLogged", true);
    rig.gateway().task(task);
    rig.artifacts().output().refuse();

    assertThat(rig.weft("run", "--", "x")).isEqualTo(ExitCodes.RUN_BROKEN);

    assertThat(rig.stderr())
        .contains("it ended SUCCEEDED with exit code 0, but its output can't be read")
        .contains("later: weft logs " + FakeGateway.TASK);
  }

  @Test
  void directoryThatCannotBePackedIsSaidBeforeAnythingIsSubmitted() throws Exception {
    Files.createSymbolicLink(project.resolve("out"), Path.of("../../x"));

    int code = rig.weft("run", "--dir", project.toString(), "--", "true");

    assertThat(code).isEqualTo(ExitCodes.RUN_BROKEN);
    assertThat(rig.stderr()).contains("symbolic link leaves the directory: out -> ../../x");
    assertThat(rig.gateway().submitted()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--dir", "--out"})
  void whatIsNoDirectoryIsAWrongCommandLine(String option) throws Exception {
    Path file = Files.writeString(project.resolve("file"), "x");

    int code = rig.weft("run", option, file.toString(), "--", "true");

    assertThat(code).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains(option + ": " + file + " (expected: a directory");
    assertThat(rig.gateway().submitted()).isEmpty();
  }

  @Test
  void lessThanNoRetriesIsAWrongCommandLine() {
    assertThat(rig.weft("run", "--retries", "-1", "--", "true")).isEqualTo(ExitCodes.USAGE);
    assertThat(rig.stderr()).contains("--retries: -1 (expected: 0 or more)");
  }

  @Test
  void logsPrintsWhichIsWanted() {
    rig.artifacts()
        .output()
        .connections(
            List.of(FakeOutput.chunk(1, false, "out\n"), FakeOutput.chunk(2, true, "err\n")));

    assertThat(rig.weft("logs", "--stream", "stderr", FakeGateway.TASK)).isZero();
    assertThat(rig.stdout()).isEmpty();
    assertThat(rig.stderr()).isEqualTo("err\n");

    assertThat(rig.weft("logs", "-o", "json", FakeGateway.TASK)).isZero();
    assertThat(rig.stdout())
        .isEqualTo(
            "{\"source\":\"stdout\",\"data\":\"b3V0Cg==\"}\n{\"source\":\"stderr\",\"data\":\"ZXJyCg==\"}\n");
  }

  private void finishedWith(Artifact changes) {
    ObjectNode task = FakeGateway.task("TASK_STATE_SUCCEEDED", 0, "", "");
    ((ObjectNode) task.path("result")).put("changesArtifact", changes.getId());
    rig.gateway().task(task);
  }

  private Artifact changes() {
    return tree(
        Tree.newBuilder()
            .addEntries(folder("build"))
            .addEntries(file("build/report", "all well"))
            .addRemoved(ByteString.copyFromUtf8("a.txt")));
  }

  private Artifact tree(Tree.Builder tree) {
    return rig.artifacts().keep("application/vnd.weft.tree", tree.build().toByteString());
  }

  private static TreeEntry.Builder folder(String path) {
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY)
        .setMode(0755);
  }

  private TreeEntry.Builder file(String path, String text) {
    ByteString content = ByteString.copyFromUtf8(text);
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_FILE)
        .setMode(0644)
        .setSizeBytes(content.size())
        .setDigest(rig.artifacts().store(content));
  }
}
