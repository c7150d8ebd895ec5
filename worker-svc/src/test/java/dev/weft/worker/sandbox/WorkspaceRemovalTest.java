package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.AttemptKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody waits for files to be removed, unless there are too many. */
class WorkspaceRemovalTest {

  @TempDir private Path data;

  private final List<Runnable> removals = new ArrayList<>();

  @Test
  void whatIsLeftIsRemovedLaterAndOnce() throws Exception {
    Workspace workspace = open(workspaces(), 1);

    workspace.leave();
    workspace.close();

    assertThat(workspace.directory()).isDirectory();
    removals.getFirst().run();
    assertThat(workspace.backstage()).doesNotExist();
    assertThat(removals).hasSize(1);
  }

  @Test
  void whatIsOnlyClosedIsGoneAtOnce() throws Exception {
    Workspace workspace = open(workspaces(), 1);

    workspace.close();

    assertThat(workspace.backstage()).doesNotExist();
    assertThat(removals).isEmpty();
  }

  @Test
  void whatCommandsReportedIsReadUntilTheFilesGoAndNothingElseAfterwards() throws Exception {
    Workspace workspace = open(workspaces(), 1);
    Files.writeString(workspace.usage(), "a report\n");
    workspace.leave();
    assertThat(workspace.readUsage(new byte[64])).isEqualTo(9);

    removals.getFirst().run();
    workspace.close();

    assertThatThrownBy(() -> workspace.readUsage(new byte[64]))
        .isInstanceOf(IOException.class)
        .hasMessage("closed");
  }

  @Test
  void withFourToRemoveTheFifthIsWaitedFor() throws Exception {
    DirectoryWorkspaces workspaces = workspaces();
    for (int i = 1; i <= 4; i++) {
      leave(open(workspaces, i));
    }

    Workspace fifth = open(workspaces, 5);
    leave(fifth);

    assertThat(removals).hasSize(4);
    assertThat(fifth.backstage()).doesNotExist();
    removals.removeFirst().run();
    leave(open(workspaces, 6));
    assertThat(removals).hasSize(4);
  }

  private static void leave(Workspace workspace) {
    workspace.leave();
    workspace.close();
  }

  private static Workspace open(DirectoryWorkspaces workspaces, int attempt) throws IOException {
    Workspace workspace = workspaces.open(new AttemptKey("tsk_x", attempt, attempt));
    Files.writeString(workspace.directory().resolve("file"), "made by a command");
    return workspace;
  }

  private DirectoryWorkspaces workspaces() throws IOException {
    Path own = Files.createDirectories(data.resolve("i1")).toRealPath();
    return new DirectoryWorkspaces(
        new AttemptRoot(data, own, AttemptRoot.isRoot()), LaunchThread.begin(), removals::add);
  }
}
