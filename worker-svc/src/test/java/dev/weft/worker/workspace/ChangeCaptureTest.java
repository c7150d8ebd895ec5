package dev.weft.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.AttemptResult.Changes;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.workspace.WorkspaceRig.Place;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a command did to its workspace comes back, and only that. */
class ChangeCaptureTest {

  private final WorkspaceRig rig = new WorkspaceRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private Place project() throws Exception {
    rig.directory("src").file("src/a.txt", "a").file("src/b.txt", "b");
    rig.directory("old").file("old/c.txt", "c").link("l", "src/a.txt");
    return rig.open();
  }

  @Test
  void whatWasNotTouchedDoesNotTravel() throws Exception {
    Changes changes = project().stowed.take();

    assertThat(changes).isEqualTo(Changes.NONE);
    assertThat(rig.mesh.stored).isEmpty();
  }

  @Test
  void changedAddedAndRemovedNamesComeBackUnderOneName() throws Exception {
    Place place = project();
    Files.writeString(place.file("src/a.txt"), "A");
    Files.createDirectories(place.file("out/deep"));
    Files.writeString(place.file("out/deep/new"), "new");
    Files.delete(place.file("old/c.txt"));
    Files.delete(place.file("old"));

    Changes changes = place.stowed.take();

    Tree tree = tree(changes);
    assertThat(names(tree)).containsExactly("out", "out/deep", "out/deep/new", "src", "src/a.txt");
    assertThat(tree.removed()).hasToString("[old/c.txt, old]");
    assertThat(changes.paths()).isEqualTo(7);
    assertThat(changes.incomplete()).isEmpty();
    assertThat(rig.mesh.names).containsEntry("changes/tsk_a/1", changes.artifact());
    assertThat(rig.mesh.stored).hasSize(2);
  }

  @Test
  void theTreeOfChangesCanItselfBeAWorkspace() throws Exception {
    Place place = project();
    Files.writeString(place.file("src/a.txt"), "A");
    Tree tree = tree(place.stowed.take());
    rig.entries.clear();
    rig.entries.addAll(tree.entries());

    Place next = rig.open();

    assertThat(next.file("src/a.txt")).hasContent("A");
    assertThat(next.file("src/b.txt")).doesNotExist();
  }

  @Test
  void contentThatIsTheSameAgainIsNoChangeButAModeIs() throws Exception {
    Place place = project();
    Files.writeString(place.file("src/a.txt"), "a");
    Files.setLastModifiedTime(place.file("src/a.txt"), FileTime.fromMillis(99));
    assertThat(place.stowed.take().paths()).isZero();

    Files.setPosixFilePermissions(
        place.file("src/b.txt"), PosixFilePermissions.fromString("rwx------"));

    assertThat(names(tree(place.stowed.take()))).containsExactly("src", "src/b.txt");
  }

  @Test
  void aChangeOfTheSameSizeAndTimeIsSeenAllTheSame() throws Exception {
    Place place = project();
    FileTime time = Files.getLastModifiedTime(place.file("src/a.txt"));
    Files.writeString(place.file("src/a.txt"), "Z");
    Files.setLastModifiedTime(place.file("src/a.txt"), time);

    assertThat(names(tree(place.stowed.take()))).contains("src/a.txt");
  }

  @Test
  void aNameThatBecameAnotherKindIsWhatItIsNow() throws Exception {
    Place place = project();
    Files.delete(place.file("src/a.txt"));
    Files.createDirectory(place.file("src/a.txt"));
    Files.delete(place.file("l"));
    Files.writeString(place.file("l"), "file now");
    Files.delete(place.file("src/b.txt"));
    Files.createSymbolicLink(place.file("src/b.txt"), Path.of("a.txt"));

    Tree tree = tree(place.stowed.take());

    assertThat(tree.removed()).isEmpty();
    assertThat(tree.entries())
        .extracting(entry -> entry.path() + " " + entry.getClass().getSimpleName())
        .containsExactly("l Regular", "src Directory", "src/a.txt Directory", "src/b.txt Link");
  }

  @Test
  void linksThatLeadOutPipesAndSocketsStayHereAndLinksAreSaid() throws Exception {
    Place place = project();
    Files.createSymbolicLink(place.file("python"), Path.of("/usr/bin/python3"));
    Files.createSymbolicLink(place.file("up"), Path.of("../../secret"));
    new ProcessBuilder("mkfifo", place.file("pipe").toString()).start().waitFor();
    Files.writeString(place.file("kept"), "x");

    Changes changes = place.stowed.take();

    assertThat(names(tree(changes))).containsExactly("kept");
    assertThat(changes.incomplete().orElseThrow().reason())
        .isEqualTo(FailureReason.CHANGES_INCOMPLETE);
    assertThat(changes.incomplete().orElseThrow().facts())
        .containsEntry("cause", "LINK_OUTSIDE")
        .containsEntry("path", "python")
        .containsEntry("count", "2");
  }

  @Test
  void nothingOutsideIsReadThroughALinkThatTookAFilesPlace() throws Exception {
    Path secret = Files.writeString(rig.data.resolve("secret"), "host secret");
    Place place = project();
    Files.delete(place.file("src/a.txt"));
    Files.createSymbolicLink(place.file("src/a.txt"), secret);

    Changes changes = place.stowed.take();

    assertThat(changes.incomplete()).isPresent();
    assertThat(rig.mesh.blobs.values())
        .noneMatch(bytes -> new String(bytes, StandardCharsets.UTF_8).contains("host secret"));
  }

  @Test
  void whatItsOwnerMayNotReadIsKeptWithItsMode() throws Exception {
    Place place = project();
    Files.createDirectory(place.file("shut"));
    Files.writeString(place.file("shut/x"), "x");
    Files.setPosixFilePermissions(
        place.file("shut/x"), PosixFilePermissions.fromString("-wx------"));
    Files.setPosixFilePermissions(place.file("shut"), PosixFilePermissions.fromString("---------"));

    Tree tree = tree(place.stowed.take());

    assertThat(names(tree)).containsExactly("shut", "shut/x");
    assertThat(((TreeEntry.Directory) tree.entries().getFirst()).mode()).isZero();
    assertThat(((TreeEntry.Regular) tree.entries().getLast()).mode()).isEqualTo(0300);
  }

  @Test
  void specialBitsDoNotTravel() throws Exception {
    Place place = project();
    Files.writeString(place.file("su"), "x");
    Files.setAttribute(place.file("su"), "unix:mode", 04755);

    TreeEntry.Regular kept = (TreeEntry.Regular) tree(place.stowed.take()).entries().getFirst();

    assertThat(kept.mode()).isEqualTo(0755);
  }

  @Test
  void aHugeSparseFileIsRefusedUnread() throws Exception {
    Place place = project();
    try (RandomAccessFile sparse = new RandomAccessFile(place.file("sparse").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }

    assertThatThrownBy(() -> place.stowed.take())
        .isInstanceOfSatisfying(
            CarryException.class,
            e -> assertThat(e.failure().reason()).isEqualTo(FailureReason.WORKSPACE_TOO_LARGE));
  }

  @Test
  void aDirectoryDeeperThanAnybodyNeedsIsRefused() throws Exception {
    Place place = project();
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "i=0; while [ $i -lt 600 ]; do mkdir d && cd d || exit 1; i=$((i+1)); done")
            .directory(place.directory().toFile())
            .start();
    assertThat(shell.waitFor()).isZero();

    assertThatThrownBy(() -> place.stowed.take())
        .isInstanceOf(CarryException.class)
        .hasMessageContaining("WORKSPACE_TOO_LARGE");
  }

  @Test
  void aFileThatChangesWhileItIsSentIsReadAgainAndThenKept() throws Exception {
    Place place = project();
    Files.writeString(place.file("log"), "1");
    AtomicInteger writes = new AtomicInteger();
    rig.mesh.beforeStore =
        () -> {
          if (writes.incrementAndGet() <= 2) {
            write(place.file("log"), "longer " + writes.get());
          }
        };

    Changes changes = place.stowed.take();

    assertThat(changes.incomplete()).isEmpty();
    TreeEntry.Regular log = (TreeEntry.Regular) tree(changes).entries().getFirst();
    assertThat(rig.mesh.blobs.get(log.digest())).asString().isEqualTo("longer 2");
  }

  @Test
  void aFileThatNeverStandsStillIsLeftOutAndSaid() throws Exception {
    Place place = project();
    Files.writeString(place.file("log"), "1");
    Files.writeString(place.file("other"), "still");
    AtomicInteger writes = new AtomicInteger();
    rig.mesh.beforeStore = () -> write(place.file("log"), "write " + writes.incrementAndGet());

    Changes changes = place.stowed.take();

    assertThat(names(tree(changes))).containsExactly("other");
    assertThat(changes.incomplete().orElseThrow().facts())
        .containsEntry("cause", "FILE_UNSTABLE")
        .containsEntry("path", "log");
    assertThat(writes.get()).isLessThanOrEqualTo(StableFile.TRIES + 1);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Tree tree(Changes changes) {
    Tree tree = rig.mesh.trees.get(changes.artifact());
    assertThat(tree).as("%s", changes).isNotNull();
    return tree;
  }

  private static List<String> names(Tree tree) {
    return tree.entries().stream().map(entry -> entry.path().toString()).toList();
  }
}
