package dev.weft.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.CarryException;
import dev.weft.worker.app.WorkspaceFiles;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.agent.CommandOutcome.Fetched;
import dev.weft.worker.domain.agent.CommandOutcome.Kind;
import dev.weft.worker.domain.agent.CommandOutcome.Placed;
import dev.weft.worker.domain.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files in and out of a workspace that lives. */
class LiveFilesTest {

  private final WorkspaceRig rig = new WorkspaceRig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static Placed put(WorkspaceRig.Place place, String artifact, String path, String name)
      throws Exception {
    return place
        .stowed
        .files()
        .put(artifact, new WorkspaceFiles.Place(path, name, false), () -> false);
  }

  private static Fetched take(WorkspaceRig.Place place, String path) throws Exception {
    return place.stowed.files().take(path, "agents/a/files", () -> false);
  }

  private static FailureReason refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(CarryException.class, call).failure().reason();
  }

  private static String said(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(CarryException.class, call).failure().message();
  }

  private static String text(WorkspaceRig.Place place, String name) throws IOException {
    return Files.readString(place.file(name));
  }

  /** Makes what the rig has so far an artifact. */
  private String tree() {
    rig.mesh.trees.put("art_tree", new Tree(rig.entries, List.of()));
    rig.entries.clear();
    return "art_tree";
  }

  private static void nothingIsLeftBeside(WorkspaceRig.Place place) throws IOException {
    try (Stream<Path> beside = Files.list(place.backstage())) {
      assertThat(beside.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.startsWith("put"));
    }
  }

  @Test
  void aFileGoesWhereItIsToAsWithCp() throws Exception {
    WorkspaceRig.Place place = rig.directory("there").open();
    String artifact = rig.mesh.upload("content");

    assertThat(put(place, artifact, "a/b/new.txt", "")).isEqualTo(new Placed(1, 7));
    put(place, artifact, "there", "named");
    put(place, artifact, "made/", "");
    put(place, artifact, "", "top");
    place.stowed.files().put(artifact, new WorkspaceFiles.Place("run.sh", "", true), () -> false);

    for (String name : new String[] {"a/b/new.txt", "there/named", "made/load.txt", "top"}) {
      assertThat(text(place, name)).as(name).isEqualTo("content");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.file("top"))))
        .isEqualTo("rw-r--r--");
    assertThat(Files.isExecutable(place.file("run.sh"))).isTrue();
    nothingIsLeftBeside(place);
  }

  @Test
  void aFileIsReplacedAsAWholeAndALinkIsReplacedNotFollowed() throws Exception {
    WorkspaceRig.Place place = rig.file("kept", "old").open();
    Path outside = rig.data.resolve("outside");
    Files.writeString(outside, "theirs");
    Files.createSymbolicLink(place.file("link"), outside);
    try (var open = Files.newBufferedReader(place.file("kept"))) {
      put(place, rig.mesh.upload("new"), "kept", "");
      assertThat(open.readLine()).as("who reads the old one goes on").isEqualTo("old");
    }

    put(place, rig.mesh.upload("mine"), "link", "");

    assertThat(text(place, "kept")).isEqualTo("new");
    assertThat(Files.isSymbolicLink(place.file("link"))).isFalse();
    assertThat(Files.readString(outside)).isEqualTo("theirs");
  }

  @Test
  void aTreeIsPutBesideWhatIsThere() throws Exception {
    WorkspaceRig.Place place =
        rig.directory("src").file("src/mine", "mine").file("src/x", "1").open();
    rig.entries.clear();
    rig.directory("sub").file("sub/y", "22", 0755).file("x", "333").link("to-x", "x");
    String artifact = tree();

    assertThat(put(place, artifact, "src", "")).isEqualTo(new Placed(2, 5));
    put(place, artifact, "", "other");

    for (String folder : new String[] {"src/", "other/"}) {
      assertThat(text(place, folder + "x")).isEqualTo("333");
      assertThat(text(place, folder + "to-x")).isEqualTo("333");
      assertThat(Files.isExecutable(place.file(folder + "sub/y"))).isTrue();
    }
    assertThat(text(place, "src/mine")).isEqualTo("mine");
    nothingIsLeftBeside(place);
  }

  @Test
  void nothingGoesOutOfTheWorkspaceWhateverIsAsked() throws Exception {
    WorkspaceRig.Place place = rig.directory("d").file("f", "x").open();
    Path outside = Files.createDirectory(rig.data.resolve("outside"));
    Files.createSymbolicLink(place.file("out"), outside);
    Files.createSymbolicLink(place.file("in"), Path.of("d"));
    String artifact = rig.mesh.upload("evil");
    for (String path : new String[] {"../x", "/etc/x", "a/../../x", "a//b", "./x", "a\u0000b"}) {
      assertThat(refused(() -> put(place, artifact, path, "")))
          .as(path)
          .isEqualTo(FailureReason.INVALID_FIELD);
      assertThat(refused(() -> take(place, path))).as(path).isEqualTo(FailureReason.INVALID_FIELD);
    }
    assertThat(refused(() -> put(place, artifact, "d", "..")))
        .isEqualTo(FailureReason.INVALID_FIELD);
    assertThat(refused(() -> put(place, artifact, "out/x", "")))
        .isEqualTo(FailureReason.WORKSPACE_INVALID);
    assertThat(refused(() -> put(place, artifact, "in/x", "")))
        .isEqualTo(FailureReason.WORKSPACE_INVALID);
    assertThat(refused(() -> put(place, artifact, "f/x", "")))
        .isEqualTo(FailureReason.WORKSPACE_INVALID);
    for (String path : new String[] {"out", "in", "out/x", "in/x", "none", "f/x"}) {
      assertThat(refused(() -> take(place, path))).as(path).isEqualTo(FailureReason.INVALID_FIELD);
    }
    rig.entries.clear();
    rig.link("up", "../outside/x");
    String leadsOut = tree();
    assertThat(refused(() -> put(place, leadsOut, "d", "")))
        .isEqualTo(FailureReason.WORKSPACE_INVALID);
    assertThat(outside).isEmptyDirectory();
    nothingIsLeftBeside(place);
  }

  @Test
  void whatCanNotBeTakenIsSaidInASentence() throws Exception {
    WorkspaceRig.Place place = rig.directory("d").file("f", "x").open();
    Files.createSymbolicLink(place.file("in"), Path.of("d"));

    assertThat(said(() -> take(place, "x/y")))
        .isEqualTo(
            "path: 'x/y' is not in the agent's workspace (expected: a file or a directory there)");
    assertThat(said(() -> take(place, "in")))
        .isEqualTo("path: 'in' is a symbolic link (expected: a file or a directory there)");
    for (String path : new String[] {"in/x", "f/x"}) {
      assertThat(said(() -> take(place, path)))
          .isEqualTo(
              "path: '"
                  + path
                  + "' leads through a symbolic link, or something else that is no directory"
                  + " (expected: a file or a directory there)");
    }
  }

  @Test
  void aDirectoryThatBecomesALinkAllTheTimeLeadsNobodyOut() throws Exception {
    WorkspaceRig.Place place = rig.directory("d").open();
    Path outside = Files.createDirectory(rig.data.resolve("outside"));
    Files.createSymbolicLink(place.file("link"), outside);
    String artifact = rig.mesh.upload("evil");
    AtomicBoolean over = new AtomicBoolean();
    Thread swapping =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    swap(place);
                  }
                });
    int put = 0;
    for (int i = 0; i < 400; i++) {
      try {
        put(place, artifact, "d/sub/file" + i, "");
        put++;
      } catch (CarryException e) {
        assertThat(e.failure().reason()).isEqualTo(FailureReason.WORKSPACE_INVALID);
      }
    }
    over.set(true);
    swapping.join();

    assertThat(outside).isEmptyDirectory();
    assertThat(put).as("some went well").isPositive();
  }

  /** What a program of the agent may do at any moment. */
  private static void swap(WorkspaceRig.Place place) {
    try {
      Files.move(place.file("d"), place.file("away"));
      Files.move(place.file("link"), place.file("d"));
      Files.move(place.file("d"), place.file("link"));
      Files.move(place.file("away"), place.file("d"));
    } catch (IOException e) {
      // What was put meanwhile is in the way: cleared, so that it goes on.
      try {
        if (Files.isSymbolicLink(place.file("d"))) {
          Files.move(place.file("d"), place.file("link"));
        }
        if (Files.isDirectory(place.file("away"), LinkOption.NOFOLLOW_LINKS)
            && !Files.exists(place.file("d"), LinkOption.NOFOLLOW_LINKS)) {
          Files.move(place.file("away"), place.file("d"));
        } else if (Files.exists(place.file("away"), LinkOption.NOFOLLOW_LINKS)) {
          new ProcessBuilder("rm", "-rf", place.file("away").toString()).start().waitFor();
        }
      } catch (IOException | InterruptedException ignored) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whatIsTakenIsAFileOrATreeOfItsOwn() throws Exception {
    WorkspaceRig.Place place =
        rig.directory("src")
            .directory("src/sub")
            .file("src/sub/y", "22", 0755)
            .file("src/x", "333")
            .file("tool", "#!", 0755)
            .open();
    Files.createSymbolicLink(place.file("src/out"), Path.of("/etc/passwd"));

    Fetched file = take(place, "src/x");
    assertThat(file.kind()).isEqualTo(Kind.FILE);
    assertThat(file.name()).isEqualTo("x");
    assertThat(file.amount()).isEqualTo(new Placed(1, 3));
    assertThat(rig.mesh.text(file.artifact())).isEqualTo("333");
    assertThat(take(place, "tool").kind()).isEqualTo(Kind.EXECUTABLE);
    Fetched folder = take(place, "src/");
    assertThat(folder.kind()).isEqualTo(Kind.TREE);
    assertThat(folder.amount()).isEqualTo(new Placed(2, 5));
    assertThat(rig.mesh.files(folder.artifact())).isEqualTo(Map.of("sub/y", "22", "x", "333"));
    assertThat(folder.incomplete().orElseThrow().facts()).containsEntry("cause", "LINK_OUTSIDE");
    Fetched all = take(place, "");
    assertThat(all.name()).isEmpty();
    assertThat(rig.mesh.files(all.artifact())).containsKeys("src/x", "tool");
  }

  @Test
  void whatWasTakenCanBePut() throws Exception {
    WorkspaceRig.Place place = rig.directory("a").file("a/x", "1").directory("a/b").open();

    put(place, take(place, "a").artifact(), "copy", "");

    assertThat(text(place, "copy/x")).isEqualTo("1");
    assertThat(place.file("copy/b")).isEmptyDirectory();
  }

  @Test
  void whatIsTooLargeOrNotThereOrInTheWayIsSaidSo() throws Exception {
    WorkspaceRig.Place place = rig.directory("d").file("d/x", "1").open(100);
    String large = rig.mesh.upload("x".repeat(101));

    assertThat(refused(() -> put(place, large, "large", "")))
        .isEqualTo(FailureReason.WORKSPACE_TOO_LARGE);
    Files.writeString(place.file("d/large"), "x".repeat(101));
    assertThat(refused(() -> take(place, "d/large"))).isEqualTo(FailureReason.WORKSPACE_TOO_LARGE);
    assertThat(refused(() -> take(place, "d"))).isEqualTo(FailureReason.WORKSPACE_TOO_LARGE);
    assertThat(refused(() -> put(place, "art_none", "x", "")))
        .isEqualTo(FailureReason.ARTIFACT_NOT_FOUND);
    String artifact = rig.mesh.upload("1");
    Files.createDirectories(place.file("d/f/g"));
    rig.entries.clear();
    rig.file("f", "in the way");
    assertThat(refused(() -> put(place, tree(), "d", "")))
        .isEqualTo(FailureReason.WORKSPACE_INVALID);
    assertThatThrownBy(
            () ->
                place
                    .stowed
                    .files()
                    .put(artifact, new WorkspaceFiles.Place("y", "", false), () -> true))
        .hasMessageContaining("body ends");
    assertThat(place.file("y")).doesNotExist();
  }

  /** What is asked for waits until the turn is free, and ends when it is told to. */
  private void waitsForItsTurn(Function<BooleanSupplier, Callable<?>> errand) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    rig.large.acquire();
    FutureTask<?> first = new FutureTask<>(errand.apply(over::get));
    Thread.ofPlatform().daemon().start(first);
    await().until(() -> rig.large.hasQueuedThreads());
    over.set(true);
    assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS)).hasMessageContaining("body ends");

    rig.large.release();
    errand.apply(() -> false).call();
    assertThat(rig.large.availablePermits()).as("given back").isOne();
  }

  @Test
  void aLargeTreeIsNotEvenFetchedBeforeItsTurnAndASmallOneWaitsForNothing() throws Exception {
    WorkspaceRig.Place place = rig.directory("there").open();
    rig.entries.clear();
    for (int i = 0; i < LargeTrees.ENTRIES; i++) {
      rig.link("l" + i, "x");
    }
    rig.mesh.trees.put("art_large", new Tree(rig.entries, List.of()));
    rig.entries.clear();
    rig.file("x", "1");
    String small = tree();
    waitsForItsTurn(
        over ->
            () -> {
              rig.mesh.treesRead.clear();
              try {
                return place
                    .stowed
                    .files()
                    .put("art_large", new WorkspaceFiles.Place("there", "", false), over);
              } finally {
                assertThat(rig.mesh.treesRead.isEmpty()).isEqualTo(over.getAsBoolean());
              }
            });

    rig.large.acquire();
    assertThat(put(place, small, "there", "")).isEqualTo(new Placed(1, 1));
    assertThat(take(place, "there/x").amount()).isEqualTo(new Placed(1, 1));
  }

  @Test
  void aDirectoryThatTurnsOutToBeLargeWaitsForItsTurnToBeTaken() throws Exception {
    WorkspaceRig.Place place = rig.directory("d").open();
    Path deep = place.file("d");
    for (int i = 0; i < 15; i++) {
      deep = Files.createDirectory(deep.resolve("x".repeat(200)));
    }
    for (int i = 0; i < 700; i++) {
      Files.createFile(deep.resolve("f" + i));
    }
    waitsForItsTurn(over -> () -> place.stowed.files().take("d", "agents/a/files", over));
    assertThat(take(place, "d").amount()).isEqualTo(new Placed(700, 0));
  }
}
