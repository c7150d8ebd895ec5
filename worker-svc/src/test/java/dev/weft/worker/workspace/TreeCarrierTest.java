package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.HaltedException;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.linux.DirHandle;
import dev.weft.worker.linux.FileStat;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trees become directories, exactly, and nowhere else. */
class TreeCarrierTest {

  private final WorkspaceRig rig = new WorkspaceRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void filesDirectoriesLinksModesAndTimesAreAsTheTreeSays() throws Exception {
    rig.directory("src").file("src/run.sh", "#!/bin/sh\n", 0755).file("empty", "");
    rig.link("src/up", "../empty").file("secret", "x", 0400);

    var place = rig.open();

    assertThat(place.file("src/run.sh")).hasContent("#!/bin/sh\n");
    assertThat(mode(place.file("src/run.sh"))).isEqualTo("rwxr-xr-x");
    assertThat(mode(place.file("secret"))).isEqualTo("r--------");
    assertThat(mode(place.file("src"))).isEqualTo("rwxr-xr-x");
    assertThat(place.file("empty")).isEmptyFile();
    assertThat(Files.readSymbolicLink(place.file("src/up"))).isEqualTo(Path.of("../empty"));
    assertThat(Files.getLastModifiedTime(place.file("src/run.sh")).toInstant())
        .isEqualTo("2020-09-13T12:26:40.123456789Z");
    assertThat(Files.getLastModifiedTime(place.file("src")).toInstant())
        .isEqualTo("2017-07-14T02:40:00Z");
  }

  @Test
  void namesAreBytesWhateverTheySpell() throws Exception {
    byte[] notText = {'a', (byte) 0xff, (byte) 0xfe, 'z'};
    String odd = new String(notText, ISO_8859_1);
    rig.file(odd, "bytes").file("new\nline", "two").file("\u0001\u001b[0m", "three");

    var place = rig.open();

    try (DirHandle directory = DirHandle.open(place.directory())) {
      assertThat(directory.list(5_000, 1 << 20))
          .containsExactlyInAnyOrder(
              notText, "new\nline".getBytes(ISO_8859_1), "\u0001\u001b[0m".getBytes(ISO_8859_1));
      assertThat(directory.stat(notText).size()).isEqualTo(5);
      assertThat(directory.stat(notText).kind()).isEqualTo(FileStat.Kind.FILE);
    }
    assertThat(place.stowed.take().paths()).isZero();
  }

  @Test
  void whatTheCacheHasIsNotFetchedAgainAndNoCommandCanChangeIt() throws Exception {
    rig.file("a", "content");
    var first = rig.open();
    Files.writeString(first.file("a"), "changed by a command");

    var second = rig.open();

    assertThat(second.file("a")).hasContent("content");
    assertThat(rig.mesh.fetched).hasSize(1);
  }

  @Test
  void aTreeThatBreaksARuleLeavesNothing() throws Exception {
    rig.link("out", "../../etc").file("a", "x");

    assertReason(FailureReason.WORKSPACE_INVALID);

    assertThat(rig.data.resolve("attempt-1/work")).isEmptyDirectory();
  }

  @Test
  void aFileBelowALinkIsRefusedEvenIfTheLinkStaysInside() {
    rig.directory("real").link("alias", "real");
    rig.file("alias/x", "x");

    assertReason(FailureReason.WORKSPACE_INVALID);
  }

  @Test
  void aTreeThatIsLargerThanTheReservedDiskIsRefusedBeforeItIsFetched() {
    rig.file("a", "x".repeat(2_000));

    assertThatThrownBy(() -> rig.open(1_999))
        .isInstanceOfSatisfying(
            CarryException.class,
            e -> {
              assertThat(e.failure().reason()).isEqualTo(FailureReason.WORKSPACE_TOO_LARGE);
              assertThat(e.failure().facts()).containsEntry("most", "1999");
            });
    assertThat(rig.mesh.fetched).isEmpty();
  }

  @Test
  void changesOfATaskAreNoWorkspace() {
    rig.mesh.trees.put("art_in", new Tree(List.of(), List.of(WorkspaceRig.path("gone"))));

    assertThatThrownBy(
            () -> {
              rig.entries.clear();
              var place = new WorkspaceRig.Place(rig.data.resolve("x"));
              rig.carrier()
                  .bring(
                      new dev.weft.worker.app.Carrier.Load(
                          new dev.weft.worker.app.ArtifactStore.Errand(
                              new dev.weft.worker.domain.AttemptKey("t", 1, 1), rig.halt, ""),
                          "acme",
                          "art_in",
                          false,
                          100),
                      place);
            })
        .isInstanceOf(CarryException.class)
        .hasMessageContaining("WORKSPACE_INVALID");
  }

  @Test
  void aLargeTreeIsNotEvenFetchedBeforeItsTurn() throws Exception {
    for (int i = 0; i < LargeTrees.ENTRIES; i++) {
      rig.link("l" + i, "x");
    }
    rig.large.acquire();
    FutureTask<WorkspaceRig.Place> opening = new FutureTask<>(rig::open);
    Thread.ofPlatform().daemon().start(opening);
    await().until(() -> rig.large.hasQueuedThreads());
    assertThat(rig.mesh.treesRead).isEmpty();

    rig.large.release();
    assertThat(opening.get(60, TimeUnit.SECONDS).file("l7")).isSymbolicLink();
    assertThat(rig.mesh.treesRead).hasSize(1);
    assertThat(rig.large.availablePermits()).as("given back").isOne();
  }

  @Test
  void anAttemptThatIsToEndStopsUnpacking() {
    rig.file("a", "x");
    rig.halt.end(EndReason.CANCELLED);

    assertThatThrownBy(rig::open).isInstanceOf(HaltedException.class);
  }

  @Test
  void aPlantedLinkInThePlaceOfAParentIsNotFollowed() throws Exception {
    Path outside = Files.createDirectory(rig.data.resolve("outside"));
    var place = new WorkspaceRig.Place(rig.data.resolve("planted"));
    Files.createSymbolicLink(place.file("dir"), outside);
    byte[] content = "x".getBytes(ISO_8859_1);
    Tree tree =
        new Tree(
            List.of(
                new TreeEntry.Regular(
                    WorkspaceRig.path("dir/file"), 0644, 1, rig.mesh.blob(content), 0)),
            List.of());

    try (CacheHold blobs = rig.cache.hold("acme")) {
      blobs.begin(rig.mesh.blob(content), 1);
      blobs.chunk(java.nio.ByteBuffer.wrap(content));
      blobs.end();
      assertThatThrownBy(
              () -> {
                try (TreeWriter writer = new TreeWriter(place, blobs)) {
                  writer.write(tree, rig.halt);
                }
              })
          .isInstanceOf(dev.weft.worker.linux.ErrnoException.class);
    }
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void anExistingNameIsNeverWrittenThrough() throws Exception {
    Path victim = Files.writeString(rig.data.resolve("victim"), "stays");
    var place = new WorkspaceRig.Place(rig.data.resolve("planted"));
    Files.createSymbolicLink(place.file("a"), victim);

    try (DirHandle directory = DirHandle.open(place.directory())) {
      byte[] name = {'a'};
      assertThatThrownBy(() -> directory.create(name)).hasMessageContaining("exists");
      assertThatThrownBy(() -> directory.read(name)).hasMessageContaining("symbolic link");
      assertThatThrownBy(() -> directory.child(name)).isInstanceOf(java.io.IOException.class);
    }
    assertThat(victim).hasContent("stays");
    assertThat(Files.isSymbolicLink(place.file("a"))).isTrue();
  }

  private void assertReason(FailureReason reason) {
    assertThatThrownBy(rig::open)
        .isInstanceOfSatisfying(
            CarryException.class, e -> assertThat(e.failure().reason()).isEqualTo(reason));
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }
}
