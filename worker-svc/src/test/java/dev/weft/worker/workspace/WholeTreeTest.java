package dev.weft.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.Carrier.Keeping;
import dev.weft.worker.app.Carrier.Whole;
import dev.weft.worker.app.MemoryMesh;
import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole workspace goes away, again and again, while it is worked in. */
class WholeTreeTest {

  private final WorkspaceRig rig = new WorkspaceRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Optional<Whole> take(WorkspaceRig.Place place, boolean forced) throws Exception {
    return place.stowed.takeWhole(new Keeping("agents/a/workspace", Duration.ofDays(1), forced));
  }

  private Tree tree(Whole whole) {
    return rig.mesh.trees.get(whole.stored().artifact());
  }

  private static void write(WorkspaceRig.Place place, String name, String text) throws IOException {
    Files.writeString(place.file(name), text);
  }

  /** What was asked for, and was not here. */
  private int fetched() {
    return rig.mesh.fetched.size();
  }

  @Test
  void whatWasPackedHereIsNotFetchedHereAgain() throws Exception {
    WorkspaceRig.Place place = rig.file("old", "old").open();
    write(place, "new", "new");
    write(place, "empty", "");
    Whole whole = take(place, true).orElseThrow();
    int before = fetched();

    rig.entries.clear();
    rig.entries.addAll(tree(whole).entries());
    WorkspaceRig.Place next = rig.open();

    assertThat(fetched()).isEqualTo(before);
    assertThat(Files.readString(next.file("new"))).isEqualTo("new");
    assertThat(Files.size(next.file("empty"))).isZero();
  }

  @Test
  void aFileThatWouldDriveOutTooMuchIsNotKept() throws Exception {
    rig.cache = rig.openCache(160);
    WorkspaceRig.Place place = rig.open();
    write(place, "small", "0123456789");
    write(place, "large", "0123456789a");

    take(place, true);

    assertThat(rig.cache.bytes()).isEqualTo(10);
  }

  @Test
  void aPackAddsAQuarterOfTheCacheAtMostAndDrivesOutTheOldest() throws Exception {
    rig.cache = rig.openCache(160);
    WorkspaceRig.Place place = rig.file("old", "x".repeat(150)).open();
    for (int i = 0; i < 20; i++) {
      write(place, "f" + i, "content %2d".formatted(i));
    }
    AtomicLong most = new AtomicLong();
    rig.mesh.afterParcel = () -> most.accumulateAndGet(rig.cache.bytes(), Math::max);

    take(place, true);

    assertThat(most).hasValue(150 + 40);
    assertThat(rig.cache.bytes()).isEqualTo(40);
    assertThat(rig.mesh.stored).hasSize(20);
  }

  @Test
  void whereNothingCanBeKeptTheWorkspaceIsStoredAllTheSame() throws Exception {
    WorkspaceRig.Place place = rig.open();
    write(place, "new", "new");
    Files.delete(rig.data.resolve("cache").resolve("incoming"));

    assertThat(take(place, true)).isPresent();
    assertThat(rig.mesh.stored)
        .containsExactly(MemoryMesh.digest("new".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void allOfItIsThereAlsoWhatHasNotChanged() throws Exception {
    WorkspaceRig.Place place =
        rig.directory("d").file("d/kept", "kept").file("gone", "gone").link("l", "d/kept").open();
    Files.delete(place.file("gone"));
    write(place, "new", "new");

    Whole whole = take(place, false).orElseThrow();

    assertThat(tree(whole).entries().stream().map(entry -> entry.path().toString()))
        .containsExactly("d", "d/kept", "l", "new");
    assertThat(tree(whole).removed()).isEmpty();
    assertThat(whole.paths()).isEqualTo(4);
    assertThat(whole.incomplete()).isEmpty();
    assertThat(rig.mesh.stored)
        .containsExactly(MemoryMesh.digest("new".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatHasNotChangedIsNotStoredAgainUnlessItMust() throws Exception {
    WorkspaceRig.Place place = rig.file("f", "x").open();
    Whole first = take(place, false).orElseThrow();

    assertThat(take(place, false)).isEmpty();
    Whole again = take(place, true).orElseThrow();
    assertThat(again.stored().digest()).isEqualTo(first.stored().digest());

    write(place, "f", "y");
    assertThat(take(place, false)).isPresent();
  }

  @Test
  void aFileWhoseStatIsTheSameIsNotReadAgain() throws Exception {
    WorkspaceRig.Place place = rig.file("f", "x").open();
    write(place, "f", "y");
    take(place, false);
    Path file = place.file("f");
    // Past the time in which a change could bear the same stamp.
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Instant.now().isAfter(changed(file).plusSeconds(2).plusMillis(100)));
    take(place, true);
    Snapshot snapshot = new Snapshot(place.backstage().resolve("snapshot"));

    try (Snapshot.Reading reading = snapshot.read()) {
      assertThat(reading.next().digest())
          .contains(MemoryMesh.digest("y".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static Instant changed(Path file) throws IOException {
    return ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant();
  }

  @Test
  void aChangeOfTheSameSizeAndTimeIsSeen() throws Exception {
    WorkspaceRig.Place place = rig.file("f", "aaaa").open();
    FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    write(place, "f", "bbbb");
    Files.setLastModifiedTime(place.file("f"), time);
    take(place, false);
    write(place, "f", "cccc");
    Files.setLastModifiedTime(place.file("f"), time);

    Whole whole = take(place, false).orElseThrow();

    assertThat(((TreeEntry.Regular) tree(whole).entries().getFirst()).digest())
        .isEqualTo(MemoryMesh.digest("cccc".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatCanNotTravelIsToldAndTheRestGoes() throws Exception {
    WorkspaceRig.Place place = rig.file("f", "x").open();
    Files.createSymbolicLink(place.file("out"), Path.of("/etc/passwd"));

    Whole whole = take(place, false).orElseThrow();

    assertThat(tree(whole).entries()).hasSize(1);
    assertThat(whole.incomplete().orElseThrow().facts()).containsEntry("cause", "LINK_OUTSIDE");
  }

  @Test
  void aFileThatMovesWhileItIsStoredIsTakenAsItIsThen() throws Exception {
    WorkspaceRig.Place place = rig.file("f", "x").open();
    write(place, "f", "first");
    AtomicInteger tries = new AtomicInteger();
    rig.mesh.beforeStore =
        () -> {
          if (tries.incrementAndGet() == 1) {
            try {
              Files.delete(place.file("f"));
              write(place, "g", "second");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        };

    Whole whole = take(place, false).orElseThrow();

    assertThat(tree(whole).entries().stream().map(entry -> entry.path().toString()))
        .containsExactly("g");
  }
}
