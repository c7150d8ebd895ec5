package dev.weft.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreePackerTest {
  private static final byte[] NOT_UTF8 = {'n', (byte) 0xff, (byte) 0xe9, 'x'};

  @TempDir Path home;
  private Path top;
  private Path cache;

  @BeforeEach
  void prepare() throws Exception {
    top = Files.createDirectory(home.resolve("top"));
    cache = home.resolve("cache");
  }

  @Test
  void everythingThatTravelsIsThereInTheOrderOfItsBytes() throws Exception {
    Files.createDirectories(top.resolve("b/empty"));
    Files.writeString(top.resolve("b/run.sh"), "echo");
    Files.setPosixFilePermissions(
        top.resolve("b/run.sh"), PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(
        top.resolve("b/run.sh"), FileTime.from(Instant.ofEpochSecond(1000, 5)));
    Files.writeString(top.resolve("a"), "");
    Files.createSymbolicLink(top.resolve("b/link"), Path.of("../a"));

    Tree tree = Tree.parseFrom(pack().content());

    assertThat(paths(tree)).containsExactly("a", "b", "b/empty", "b/link", "b/run.sh");
    TreeEntry script = tree.getEntries(4);
    assertThat(script.getMode()).isEqualTo(0750);
    assertThat(script.getSizeBytes()).isEqualTo(4);
    assertThat(script.getModifyTimeNanos()).isEqualTo(1_000_000_000_005L);
    assertThat(tree.getEntries(3).getKind()).isEqualTo(TreeEntryKind.TREE_ENTRY_KIND_SYMLINK);
    assertThat(tree.getEntries(3).getTarget().toStringUtf8()).isEqualTo("../a");
    assertThat(tree.getEntries(2).getKind()).isEqualTo(TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY);
  }

  @Test
  void ignoredFilesStayAndWeftignoreWins() throws Exception {
    Files.createDirectories(top.resolve(".git/objects"));
    Files.createDirectories(top.resolve("target/classes"));
    Files.createDirectories(top.resolve("sub/gen"));
    Files.writeString(top.resolve(".gitignore"), "target/\n*.log\n");
    Files.writeString(top.resolve(".weftignore"), "!important.log\nnotes\n");
    Files.writeString(top.resolve("sub/.gitignore"), "gen/\n");
    for (String name : List.of("x.log", "important.log", "notes", "sub/gen/y", "target/z")) {
      Files.writeString(top.resolve(name), name);
    }

    assertThat(paths(Tree.parseFrom(pack().content())))
        .containsExactly(".gitignore", ".weftignore", "important.log", "sub", "sub/.gitignore");
  }

  @Test
  void secondTimeOnlyWhatChangedIsRead() throws Exception {
    for (int i = 0; i < 20; i++) {
      aged("f" + i, "content " + i);
    }
    assertThat(pack().hashed()).isEqualTo(20);
    aged("f7", "changed 7");

    PackedTree second = pack();

    assertThat(second.hashed()).isEqualTo(1);
    assertThat(second.files().get(17).digest())
        .as("f7 in order of bytes")
        .isEqualTo(FileHasher.hash(ByteString.copyFromUtf8("changed 7")));
    assertThat(pack().content()).isEqualTo(second.content());
  }

  @Test
  void fileThatMayStillChangeUnseenIsReadAgain() throws Exception {
    Path file = Files.writeString(top.resolve("fresh"), "one");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(3600)));

    assertThat(pack().hashed()).isEqualTo(1);
    assertThat(pack().hashed()).isEqualTo(1);
  }

  @Test
  void changeWithTheSameSizeAndTimeIsSeen() throws Exception {
    aged("f", "aaaa");
    FileTime time = Files.getLastModifiedTime(top.resolve("f"));
    PackedTree first = pack();
    Files.writeString(top.resolve("f"), "bbbb");
    Files.setLastModifiedTime(top.resolve("f"), time);

    assertThat(pack().digest()).isNotEqualTo(first.digest());
  }

  @Test
  void namesWithLineBreaksAndBytesThatAreNoUtf8AreExact() throws Exception {
    Path odd = Files.createDirectory(RawNames.resolve(top, NOT_UTF8));
    Files.writeString(odd.resolve("a\nb"), "x");
    Files.writeString(RawNames.resolve(odd, NOT_UTF8), "y");
    Files.createSymbolicLink(top.resolve("link"), RawNames.relative(NOT_UTF8));

    Tree tree = Tree.parseFrom(pack().content());

    assertThat(tree.getEntriesList())
        .extracting(TreeEntry::getPath)
        .contains(
            ByteString.copyFrom(NOT_UTF8),
            ByteString.copyFrom(NOT_UTF8).concat(ByteString.copyFromUtf8("/a\nb")),
            ByteString.copyFrom(NOT_UTF8)
                .concat(ByteString.copyFromUtf8("/"))
                .concat(ByteString.copyFrom(NOT_UTF8)));
    assertThat(tree.getEntries(0).getTarget()).isEqualTo(ByteString.copyFrom(NOT_UTF8));
  }

  @Test
  void linksThatLeaveAreNamed() throws Exception {
    Files.createDirectories(top.resolve("d"));
    Files.createSymbolicLink(top.resolve("d/out"), Path.of("../../secret"));

    assertThatThrownBy(this::pack)
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("d/out -> ../../secret");

    Files.delete(top.resolve("d/out"));
    Files.createSymbolicLink(top.resolve("absolute"), Path.of("/etc/passwd"));

    assertThatThrownBy(this::pack).hasMessageContaining("absolute -> /etc/passwd");
    Files.delete(top.resolve("absolute"));
  }

  @Test
  void linkThatLeavesThroughAnotherLinkIsNamed() throws Exception {
    Files.createDirectories(top.resolve("a/b"));
    Files.createSymbolicLink(top.resolve("a/b/up"), Path.of("../.."));
    Files.writeString(home.resolve("secret"), "s");
    Files.createSymbolicLink(top.resolve("devious"), Path.of("a/b/up/../secret"));

    assertThatThrownBy(this::pack).hasMessageContaining("devious -> a/b/up/../secret");
  }

  @Test
  void whatIsNoFileIsLeftOutAndNamed() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", top.resolve("pipe").toString()).start().waitFor())
        .isZero();

    PackedTree tree = pack();

    assertThat(tree.leftOut()).containsExactly("pipe");
    assertThat(tree.files()).isEmpty();
  }

  @Test
  void fileThatNeverHoldsStillIsNamed() throws Exception {
    Path file = top.resolve("growing");
    long before = 32L * 1024 * 1024;
    Files.write(file, new byte[(int) before]);
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    append(file);
                  }
                });
    try {
      await().until(() -> Files.size(file) > before);
      assertThatThrownBy(this::pack)
          .isInstanceOf(ChangedWhilePackedException.class)
          .hasMessageContaining("growing");
    } finally {
      stop.set(true);
      writer.join(Duration.ofSeconds(10));
    }
  }

  @Test
  void brokenCacheCostsOnlyTime() throws Exception {
    aged("f", "content");
    PackedTree first = pack();
    Path file;
    try (var files = Files.list(cache)) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 40] ^= 1; // In the digest of f.
    Files.write(file, bytes);

    PackedTree second = pack();

    assertThat(second.hashed()).isEqualTo(1);
    assertThat(second.digest()).isEqualTo(first.digest());
  }

  @Test
  void missingDirectoryIsNamed() {
    assertThatThrownBy(() -> TreePacker.pack(home.resolve("none"), cache, PackProgress.SILENT))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("not a directory: " + home.resolve("none"));
  }

  private PackedTree pack() {
    return TreePacker.pack(top, cache, PackProgress.SILENT);
  }

  /** Old enough that its stamp can be trusted, which takes a moment of real time. */
  private void aged(String name, String content) throws Exception {
    Path file = Files.writeString(top.resolve(name), content);
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (FileStamp.read(file).isRacyAt(now()) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private static void append(Path file) {
    try {
      Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> paths(Tree tree) {
    return tree.getEntriesList().stream()
        .map(entry -> entry.getPath().toString(StandardCharsets.UTF_8))
        .toList();
  }
}
