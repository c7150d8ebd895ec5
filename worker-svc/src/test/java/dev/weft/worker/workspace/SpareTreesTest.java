package dev.weft.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.workspace.WorkspaceRig.Place;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A workspace that lay ready is, to its last bit, the one that would have been laid out. */
class SpareTreesTest {

  private static final int FILES = 40;

  private final WorkspaceRig rig = new WorkspaceRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void aTreeThatComesASecondTimeLiesReadyForTheThird() throws Exception {
    project();
    rig.end(rig.open());
    assertThat(rig.spares.ready()).isZero();
    Place second = rig.open();
    rig.end(second);
    assertThat(rig.spares.ready()).isEqualTo(1);
    long inode = inode(spare().resolve("work/src/f0"));

    Place third = rig.open();

    assertThat(rig.spares.ready()).isZero();
    assertThat(inode(third.file("src/f0"))).isEqualTo(inode);
    assertThat(seen(third.directory())).isEqualTo(seen(second.directory()));
    assertThat(spares()).isEmpty();
    assertThat(third.stowed.take().paths()).isZero();
  }

  @Test
  void whatChangedWhatWasAddedAndWhatIsGoneIsMadeAnew() throws Exception {
    comeTwice();
    rig.entries.removeIf(
        entry -> List.of(path("src/f1"), path("src/f2"), path("up")).contains(entry.path()));
    rig.file("src/f1", "another content", 0755).file("src/new", "added").link("up", "src/new");

    Place place = rig.open();
    assertThat(rig.spares.ready()).isZero();

    Map<String, String> is = seen(place.directory());
    rig.tenant = "other";
    assertThat(is).isEqualTo(seen(rig.open().directory()));
    assertThat(place.file("src/f2")).doesNotExist();
  }

  @Test
  void whatAnAttemptDoesToItsWorkspaceNoOtherSees() throws Exception {
    comeTwice();
    Place first = rig.open();
    Map<String, String> fresh = seen(first.directory());
    Files.writeString(first.file("src/f0"), "changed by a command");
    Files.delete(first.file("src/f1"));
    Files.writeString(first.file("src/added"), "by a command");

    rig.end(first);
    Place next = rig.open();

    assertThat(seen(next.directory())).isEqualTo(fresh);
    assertThat(rig.spares.ready()).isZero();
  }

  @Test
  void aSpareIsForTheWorkerAlone() throws Exception {
    comeTwice();

    assertThat(mode(spare())).isEqualTo("rwx------");
    assertThat(mode(spare().resolve("work"))).isEqualTo("rwx------");
    assertThat(mode(spare().resolve("work/src"))).isEqualTo("rwx------");
  }

  /** Only root can give files away; who is not gives them to itself. */
  @Test
  void allOfItBecomesTheAttemptsUsers() throws Exception {
    comeTwice();
    int self = (Integer) Files.getAttribute(rig.data, "unix:uid");
    int user = self == 0 ? 54_321 : self;
    rig.owner = OptionalInt.of(user);
    rig.entries.removeLast();
    rig.file("added", "x");

    Place place = rig.open();

    assertThat(rig.spares.ready()).isZero();
    try (Stream<Path> all = Files.walk(place.directory())) {
      for (Path each : all.filter(one -> !one.equals(place.directory())).toList()) {
        assertThat(Files.getAttribute(each, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(user);
      }
    }
  }

  @Test
  void anotherTenantsAttemptIsNotGivenIt() throws Exception {
    comeTwice();
    rig.tenant = "other";

    rig.open();

    assertThat(rig.spares.ready()).isEqualTo(1);
  }

  @Test
  void aTreeWithOtherDirectoriesOrManyChangesIsLaidOut() throws Exception {
    comeTwice();
    rig.directory("lib");
    rig.open();
    assertThat(rig.spares.ready()).isEqualTo(1);
    rig.entries.removeLast();
    rig.entries.removeIf(entry -> entry.path().toString().startsWith("src/f1"));

    Place place = rig.open();

    assertThat(rig.spares.ready()).isEqualTo(1);
    assertThat(place.file("src/f0")).exists();
    assertThat(place.file("src/f1")).doesNotExist();
  }

  @Test
  void theOldestGoesWhenThereAreTooMany() throws Exception {
    for (int i = 0; i < 3; i++) {
      rig.entries.clear();
      project();
      rig.directory("only-in-" + i);
      rig.end(rig.open());
      rig.end(rig.open());
    }

    assertThat(rig.spares.ready()).isEqualTo(2);
    assertThat(spares()).hasSize(2);
  }

  @Test
  void aLargeTreeIsNotLaidOutAhead() throws Exception {
    project().file("large", "x".repeat(2 << 20));

    rig.end(rig.open());
    rig.end(rig.open());

    assertThat(rig.spares.ready()).isZero();
  }

  @Test
  void whatCanNotBeLaidOutLeavesNothing() throws Exception {
    project();
    rig.end(rig.open());
    Place second = rig.open();
    try (Stream<Path> blobs = Files.walk(rig.data.resolve("cache"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        Files.delete(blob);
      }
    }

    rig.end(second);

    assertThat(rig.spares.ready()).isZero();
    assertThat(spares()).isEmpty();
  }

  @Test
  void nothingIsLaidOutOnceTheWorkerEnds() throws Exception {
    project();
    rig.end(rig.open());
    Place second = rig.open();
    rig.spares.close();

    rig.end(second);

    assertThat(spares()).isEmpty();
  }

  private WorkspaceRig project() {
    rig.directory("src").directory("src/deep");
    for (int i = 0; i < FILES; i++) {
      rig.file("src/f" + i, "content " + i);
    }
    return rig.file("src/deep/run.sh", "#!/bin/sh", 0755).link("up", "src/f0");
  }

  private void comeTwice() throws Exception {
    project();
    rig.end(rig.open());
    rig.end(rig.open());
    assertThat(rig.spares.ready()).isEqualTo(1);
  }

  private static dev.weft.worker.domain.tree.TreePath path(String name) {
    return WorkspaceRig.path(name);
  }

  private Path spare() throws Exception {
    return spares().getFirst();
  }

  private List<Path> spares() throws Exception {
    try (Stream<Path> all = Files.list(rig.data)) {
      return all.filter(each -> each.getFileName().toString().startsWith("spare-")).toList();
    }
  }

  /** Names with kind, mode, time of change and content. */
  private static Map<String, String> seen(Path root) throws Exception {
    Map<String, String> seen = new TreeMap<>();
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.filter(each -> !each.equals(root)).forEach(all::add);
    }
    for (Path each : all) {
      String what =
          Files.isSymbolicLink(each)
              ? "link " + Files.readSymbolicLink(each)
              : mode(each)
                  + " "
                  + Files.getLastModifiedTime(each)
                  + (Files.isDirectory(each) ? "" : " " + Files.readString(each));
      seen.put(root.relativize(each).toString(), what);
    }
    return seen;
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static long inode(Path file) throws Exception {
    try (DirHandle in = DirHandle.open(file.getParent())) {
      return in.stat(
              file.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
          .inode();
    }
  }
}
