package dev.weft.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.cli.FakeArtifacts;
import dev.weft.cli.FakeGateway;
import dev.weft.cli.client.ApiException;
import dev.weft.cli.client.Endpoints;
import dev.weft.cli.client.Pace;
import dev.weft.cli.client.RpcDoor;
import dev.weft.cli.client.Trace;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories there and back over the contract. */
class TreeTravelTest {
  private static final Pace QUICK =
      new Pace(Duration.ofSeconds(2), Duration.ofMillis(10), Duration.ofSeconds(10));

  @TempDir Path home;
  private FakeArtifacts mesh;
  private RpcDoor door;
  private Path top;

  @BeforeEach
  void start() throws Exception {
    mesh = new FakeArtifacts(home.resolve("mesh"));
    door = new RpcDoor(Endpoints.parse(mesh.url()), FakeGateway.TOKEN, Trace.from(""), QUICK);
    top = Files.createDirectory(home.resolve("top"));
  }

  @AfterEach
  void stop() {
    door.close();
    mesh.close();
  }

  @Test
  void whatGoesThereComesBackTheSame() throws Exception {
    fill(top);

    TreeSender.Sent sent = send();
    Path back = home.resolve("back");
    fetcher().fetch(sent.artifact().getId(), back, Optional.empty());

    PackedTree again = TreePacker.pack(back, home.resolve("cache2"), PackProgress.SILENT);
    assertThat(again.content()).isEqualTo(sent.tree().content());
  }

  @Test
  void unchangedDirectoryIsOneCall() throws Exception {
    fill(top);
    send();
    mesh.calls().clear();

    TreeSender.Sent again = send();

    assertThat(mesh.calls()).containsExactly("UploadArtifact");
    assertThat(again.sentFiles()).isZero();
  }

  @Test
  void onlyWhatTheMeshLacksTravels() throws Exception {
    fill(top);
    send();
    Files.writeString(top.resolve("new"), "new content");
    Files.writeString(top.resolve("copy"), "small");

    TreeSender.Sent sent = send();

    assertThat(sent.sentFiles()).isEqualTo(1);
    assertThat(sent.sentBytes()).isEqualTo("new content".length());
  }

  @Test
  void brokenUploadGoesOnWithWhatIsNotStored() throws Exception {
    fill(top);
    mesh.breakStreams(4, 2);

    TreeSender.Sent sent = send();

    assertThat(mesh.tree(sent.artifact().getId()).getEntriesCount()).isPositive();
  }

  @Test
  void brokenDownloadGoesOn() throws Exception {
    fill(top);
    TreeSender.Sent sent = send();
    mesh.breakStreams(3, 1);

    fetcher().fetch(sent.artifact().getId(), home.resolve("back"), Optional.empty());

    assertThat(Files.mismatch(top.resolve("big"), home.resolve("back/big"))).isEqualTo(-1);
    assertThat(temporaries(home.resolve("back"))).isZero();
  }

  @Test
  void fileThatChangesWhileItIsSentIsPackedAgain() throws Exception {
    Files.writeString(top.resolve("f"), "first");
    AtomicInteger times = new AtomicInteger();
    mesh.onUpload(
        () -> {
          if (times.getAndIncrement() == 0) {
            write(top.resolve("f"), "second, and longer");
          }
        });

    TreeSender.Sent sent = send();

    Tree tree = mesh.tree(sent.artifact().getId());
    assertThat(mesh.blobs()).contains(hex(tree.getEntries(0).getDigest()));
  }

  @Test
  void changesComeBackIntoThePackedDirectory() throws Exception {
    fill(top);
    PackedTree packed = send().tree();
    Artifact changes =
        changes(
            tree -> {
              tree.addEntries(directory("dir", 0555));
              tree.addEntries(file("dir/made", "made"));
              tree.addEntries(file("small", "changed"));
              tree.addRemoved(ByteString.copyFromUtf8("big"));
            });

    TreeFetcher.Fetched fetched = fetcher().fetch(changes.getId(), top, Optional.of(packed));

    assertThat(fetched).isEqualTo(new TreeFetcher.Fetched(3, 1, java.util.List.of()));
    assertThat(top.resolve("dir/made")).hasContent("made");
    assertThat(top.resolve("small")).hasContent("changed");
    assertThat(top.resolve("big")).doesNotExist();
  }

  @Test
  void elsewhereNothingIsRemoved() throws Exception {
    fill(top);
    PackedTree packed = send().tree();
    Path other = Files.createDirectory(home.resolve("other"));
    Files.writeString(other.resolve("big"), "mine");
    Artifact changes = changes(tree -> tree.addRemoved(ByteString.copyFromUtf8("big")));

    fetcher().fetch(changes.getId(), other, Optional.of(packed));

    assertThat(other.resolve("big")).hasContent("mine");
  }

  @Test
  void whatSomebodyChangedMeanwhileIsLeftAlone() throws Exception {
    fill(top);
    PackedTree packed = send().tree();
    Files.writeString(top.resolve("small"), "edited while it ran");
    Files.writeString(top.resolve("big"), "edited too");
    Artifact changes =
        changes(
            tree -> {
              tree.addEntries(file("small", "the task's"));
              tree.addRemoved(ByteString.copyFromUtf8("big"));
            });

    TreeFetcher.Fetched fetched = fetcher().fetch(changes.getId(), top, Optional.of(packed));

    assertThat(fetched.leftAlone())
        .containsExactlyInAnyOrder(
            new LeftAlone("small", LeftAlone.Cause.CHANGED_MEANWHILE),
            new LeftAlone("big", LeftAlone.Cause.CHANGED_MEANWHILE));
    assertThat(top.resolve("small")).hasContent("edited while it ran");
    assertThat(top.resolve("big")).hasContent("edited too");
  }

  @Test
  void nothingIsWrittenThroughALinkThatIsThere() throws Exception {
    Path outside = Files.createDirectory(home.resolve("outside"));
    Files.createSymbolicLink(top.resolve("dir"), outside);
    Artifact changes =
        changes(tree -> tree.addEntries(directory("dir", 0755)).addEntries(file("dir/evil", "x")));

    fetcher().fetch(changes.getId(), top, Optional.empty());

    assertThat(outside).isEmptyDirectory();
    assertThat(Files.isDirectory(top.resolve("dir"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void linkIsReplacedAndNotFollowed() throws Exception {
    Path victim = Files.writeString(home.resolve("victim"), "untouched");
    Files.createSymbolicLink(top.resolve("f"), victim);
    Artifact changes = changes(tree -> tree.addEntries(file("f", "new")));

    fetcher().fetch(changes.getId(), top, Optional.empty());

    assertThat(victim).hasContent("untouched");
    assertThat(Files.isRegularFile(top.resolve("f"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void treesThatWouldLeaveTheirDirectoryAreRefusedWhole() {
    refused(tree -> tree.addEntries(file("../evil", "x")), "..");
    refused(tree -> tree.addEntries(file("/etc/evil", "x")), "empty");
    refused(tree -> tree.addEntries(file("a//b", "x")), "empty");
    refused(tree -> tree.addEntries(link("l", "/etc")), "links outside");
    refused(
        tree -> tree.addEntries(directory("a", 0755)).addEntries(link("a/l", "../../x")),
        "links outside");
    refused(tree -> tree.addEntries(file("a/f", "x")).addEntries(link("a", "b")), "no directory");
    refused(
        tree -> tree.addEntries(file("a/f", "x")).addEntries(directory("a", 0755)), "no directory");
    refused(tree -> tree.addEntries(link("l", "d")).addEntries(file("l/x", "x")), "no directory");
    refused(tree -> tree.addEntries(file("a", "x")).addEntries(file("a", "y")), "twice");
    refused(tree -> tree.addEntries(file("a", "x").toBuilder().setMode(04755)), "mode 4755");
    refused(tree -> tree.addRemoved(ByteString.copyFromUtf8("../victim")), "..");
    refused(
        tree -> tree.addEntries(TreeEntry.newBuilder().setPath(ByteString.copyFromUtf8("d"))),
        "kind");
  }

  @Test
  void otherMediaTypesAreNoTrees() {
    Artifact text = mesh.keep("text/plain", ByteString.copyFromUtf8("hello"));

    assertThatThrownBy(() -> fetcher().fetch(text.getId(), top, Optional.empty()))
        .hasMessageContaining("is no tree of files (it is text/plain)");
  }

  @Test
  void blobThatIsGoneIsAClearError() {
    Artifact changes =
        mesh.keep(
            TreeSender.MEDIA_TYPE,
            Tree.newBuilder()
                .addEntries(file("f", "x").toBuilder().setDigest(ByteString.copyFrom(new byte[32])))
                .build()
                .toByteString());

    assertThatThrownBy(() -> fetcher().fetch(changes.getId(), top, Optional.empty()))
        .isInstanceOf(ApiException.class)
        .extracting(e -> ((ApiException) e).reason())
        .isEqualTo("BLOB_NOT_FOUND");
    assertThat(top).isEmptyDirectory();
  }

  @Test
  void oneTraceForAllCalls() throws Exception {
    fill(top);
    send();

    assertThat(mesh.traceparents()).hasSizeGreaterThan(2).doesNotContainNull();
    assertThat(mesh.traceparents().stream().distinct()).hasSize(1);
  }

  private void refused(Consumer<Tree.Builder> content, String why) {
    Artifact changes = changes(content);
    assertThatThrownBy(() -> fetcher().fetch(changes.getId(), top, Optional.empty()))
        .isInstanceOf(TreeException.class)
        .hasMessageStartingWith("refused: ")
        .hasMessageContaining(why);
    assertThat(top).isEmptyDirectory();
  }

  private Artifact changes(Consumer<Tree.Builder> content) {
    Tree.Builder tree = Tree.newBuilder();
    content.accept(tree);
    return mesh.keep(TreeSender.MEDIA_TYPE, tree.build().toByteString());
  }

  private TreeEntry file(String path, String content) {
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_FILE)
        .setMode(0644)
        .setSizeBytes(content.length())
        .setDigest(mesh.store(ByteString.copyFromUtf8(content)))
        .build();
  }

  private static TreeEntry directory(String path, int mode) {
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY)
        .setMode(mode)
        .build();
  }

  private static TreeEntry link(String path, String target) {
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setKind(TreeEntryKind.TREE_ENTRY_KIND_SYMLINK)
        .setTarget(ByteString.copyFromUtf8(target))
        .build();
  }

  private TreeSender.Sent send() {
    return new TreeSender(door, home.resolve("cache"), PackProgress.SILENT).send(top);
  }

  private TreeFetcher fetcher() {
    return new TreeFetcher(door, PackProgress.SILENT);
  }

  private static void fill(Path top) throws Exception {
    Files.createDirectories(top.resolve("dir/empty"));
    Files.writeString(top.resolve("small"), "small");
    Files.writeString(top.resolve("same"), "small");
    Files.writeString(top.resolve("nothing"), "");
    byte[] big = new byte[1_500_000];
    new Random(4).nextBytes(big);
    Files.write(top.resolve("big"), big);
    Files.write(top.resolve("dir/medium"), java.util.Arrays.copyOf(big, 100_000));
    Files.createSymbolicLink(top.resolve("dir/link"), Path.of("../small"));
    Files.writeString(RawNames.resolve(top, new byte[] {'x', (byte) 0xfe, '\n'}), "odd");
    Files.setPosixFilePermissions(top.resolve("dir"), PosixFilePermissions.fromString("r-xr-xr-x"));
  }

  private static long temporaries(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).count();
    }
  }

  private static void write(Path file, String content) {
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String hex(ByteString digest) {
    return java.util.HexFormat.of().formatHex(digest.toByteArray());
  }
}
