package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.Command;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.RunningCommand;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A person in a directory: it goes to a worker and comes back. */
@ExtendWith(SharedMesh.class)
class WorkspaceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalMesh mesh;
  @TempDir Path directory;

  WorkspaceIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void whatTheCommandMadeChangedAndRemovedComesBackAndNothingElse() throws IOException {
    write("src/kept.txt", "kept\n");
    write("src/changed.txt", "old\n");
    write("src/removed.txt", "gone soon\n");
    write(".gitignore", "build/\n");
    write("build/big.bin", "stays here");

    Command run =
        inDirectory(
            "sh",
            "-c",
            "test ! -e build && echo new > src/changed.txt && rm src/removed.txt"
                + " && mkdir made && echo fresh > made/file && chmod +x made/file && exit 3");

    assertThat(run.exitCode()).as(run.stderr()).isEqualTo(3);
    assertThat(run.stderr()).contains(" 1 removed in ");
    assertThat(directory.resolve("src/kept.txt")).hasContent("kept\n");
    assertThat(directory.resolve("src/changed.txt")).hasContent("new\n");
    assertThat(directory.resolve("src/removed.txt")).doesNotExist();
    assertThat(directory.resolve("made/file")).hasContent("fresh\n").isExecutable();
    assertThat(directory.resolve("build/big.bin")).hasContent("stays here");
  }

  @Test
  void onlyChangedFilesTravelTheSecondTime() throws IOException {
    for (int i = 0; i < 50; i++) {
      write("file-" + i, "content " + i + " of " + directory);
    }
    assertThat(inDirectory("true").expectSuccess().stderr()).contains("50 files", "50 (");

    write("file-7", "another content of " + directory);

    assertThat(inDirectory("cat", "file-7").expectSuccess())
        .satisfies(
            run -> {
              assertThat(run.stderr()).contains(" packed, 1 (");
              assertThat(run.stdout()).isEqualTo("another content of " + directory);
            });
    assertThat(inDirectory("true").expectSuccess().stderr()).contains(" packed, 0 (0 B) sent");
  }

  @Test
  void namesAreBytesAlsoOnesWithALineBreakOrOutsideUtf8() {
    shell("printf one > \"$(printf 'two\\nlines')\"; printf two > \"$(printf 'no\\377utf8')\"");
    String before = shell("for f in *; do sha256sum < \"$f\"; done; ls -A | od -c").stdout();

    String there =
        inDirectory("sh", "-c", "for f in *; do sha256sum < \"$f\"; done; ls -A | od -c; touch *")
            .expectSuccess()
            .stdout();

    assertThat(there).isEqualTo(before);
    inDirectory("sh", "-c", "for f in *; do printf more >> \"$f\"; done").expectSuccess();
    assertThat(shell("cat *").stdout()).contains("onemore", "twomore");
    assertThat(shell("ls -A | od -c").stdout()).isEqualTo(shell("ls -A | od -c").stdout());
  }

  @Test
  void aLinkThatLeadsOutIsRefusedByNameBeforeAnythingRuns() throws IOException {
    Files.createSymbolicLink(directory.resolve("way-out"), Path.of("/etc/passwd"));

    Command run = inDirectory("true");

    assertThat(run.exitCode()).isEqualTo(125);
    assertThat(run.stderr()).contains("way-out");
  }

  @Test
  void aLinkOutThatTheCommandMakesDoesNotComeBackAndIsTold() {
    Command run = inDirectory("sh", "-c", "ln -s /etc/passwd evil; echo fine > good");

    assertThat(run.exitCode()).isEqualTo(125);
    assertThat(run.stderr()).contains("LINK_OUTSIDE").contains("evil");
    assertThat(directory.resolve("good")).hasContent("fine\n");
    assertThat(Files.exists(directory.resolve("evil"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void whatWasChangedHereMeanwhileStaysAndIsNamed() throws IOException {
    write("notes.txt", "before\n");
    try (RunningCommand run =
        background("sh", "-c", "echo began; sleep 3; echo theirs > notes.txt")) {
      run.awaitStdout("began", PATIENCE);
      write("notes.txt", "mine\n");

      Command end = run.end(PATIENCE);

      assertThat(end.exitCode()).isEqualTo(125);
      assertThat(end.stderr()).contains("left alone").contains("notes.txt");
      assertThat(directory.resolve("notes.txt")).hasContent("mine\n");
    }
  }

  @Test
  void outputIsHeardLiveAndCtrlCCancelsTheTask() {
    try (RunningCommand run = background("sh", "-c", "echo began; sleep 300");
        MeshClient client = mesh.client()) {
      run.awaitStdout("began", PATIENCE);
      String id = run.taskId(PATIENCE);
      assertThat(run.isRunning()).isTrue();

      run.interrupt();

      assertThat(run.end(PATIENCE).exitCode()).isEqualTo(130);
      Task task = client.await(id, PATIENCE);
      assertThat(task.getState()).isEqualTo(TaskState.TASK_STATE_CANCELLED);
    }
  }

  @Test
  void aDirectoryThatIsTooLargeForTheTaskIsRefusedWithTheBound() throws IOException {
    Files.write(directory.resolve("big"), new byte[20 << 20]);

    Command run =
        mesh.weft(
            "run", "--retries", "0", "--disk", "1M", "--dir", directory.toString(), "--", "true");

    assertThat(run.exitCode()).isNotZero();
    assertThat(run.stderr()).contains("WORKSPACE_TOO_LARGE");
  }

  private Command inDirectory(String... argv) {
    return mesh.weft(run(argv));
  }

  private RunningCommand background(String... argv) {
    return mesh.weftInBackground(run(argv));
  }

  private String[] run(String... argv) {
    String here = directory.toString();
    return Stream.concat(
            Stream.of("run", "-v", "--dir", here, "--out", here, "--"), Stream.of(argv))
        .toArray(String[]::new);
  }

  private Command shell(String script) {
    return Command.run(directory, Map.of("LC_ALL", "C"), PATIENCE, List.of("sh", "-c", script))
        .expectSuccess();
  }

  private void write(String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
