package dev.weft.cli.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.cli.tree.LeftAlone.Cause;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task may touch in the directory that was packed, and in any other. */
class LocalChangesTest {
  @TempDir Path home;
  private Path top;
  private LocalChanges packed;

  @BeforeEach
  void pack() throws Exception {
    top = Files.createDirectory(home.resolve("top"));
    Files.createDirectories(top.resolve(".git/hooks"));
    Files.writeString(top.resolve(".git/config"), "[core]");
    Files.writeString(top.resolve(".gitignore"), ".env\nlocal\nbuild/\n");
    Files.writeString(top.resolve(".env"), "KEY=1");
    Files.createSymbolicLink(top.resolve("local"), Path.of("src"));
    Files.createDirectories(top.resolve("build/old"));
    Files.writeString(top.resolve("build/log"), "mine");
    Files.createDirectory(top.resolve("src"));
    Files.writeString(top.resolve("src/a"), "a");
    Files.createSymbolicLink(top.resolve("link"), Path.of("src"));
    PackedTree tree = TreePacker.pack(top, home.resolve("cache"), PackProgress.SILENT);
    packed = new LocalChanges(new TargetFolder(top), Optional.of(tree));
  }

  @Test
  void gitsOwnIsNeverWrittenAndNamedOnce() throws Exception {
    assertThat(packed.mayWrite(directory(".git"))).isFalse();
    assertThat(packed.mayWrite(file(".git/config", "[evil]"))).isFalse();
    assertThat(packed.mayWrite(file("src/.GIT", "gitdir: x"))).isFalse();

    assertThat(packed.leftAlone())
        .containsExactly(new LeftAlone(".git", Cause.GIT), new LeftAlone("src/.GIT", Cause.GIT));
    assertThat(packed.mayWrite(file(".github", "x"))).isTrue();
  }

  @Test
  void gitsOwnIsNotWrittenElsewhereEither() throws Exception {
    LocalChanges elsewhere =
        new LocalChanges(new TargetFolder(home.resolve("new")), Optional.empty());

    assertThat(elsewhere.mayWrite(directory("sub"))).isTrue();
    assertThat(elsewhere.mayWrite(file("sub/.git/hooks/pre-commit", "evil"))).isFalse();
    assertThat(elsewhere.leftAlone()).containsExactly(new LeftAlone("sub/.git", Cause.GIT));
  }

  @Test
  void whatStayedAtHomeIsNotOverwritten() throws Exception {
    assertThat(packed.mayWrite(file(".env", "KEY=2"))).isFalse();
    assertThat(packed.mayWrite(file("local", "x"))).isFalse();
    assertThat(packed.mayWrite(file("build/log", "the task's"))).isFalse();

    assertThat(packed.leftAlone())
        .extracting(LeftAlone::path)
        .containsExactly(".env", "local", "build/log");
    assertThat(packed.leftAlone()).extracting(LeftAlone::cause).containsOnly(Cause.NOT_PACKED);
  }

  @Test
  void nothingIsSaidOfWhatIsTheSame() throws Exception {
    assertThat(packed.mayWrite(file(".env", "KEY=1"))).isFalse();
    assertThat(packed.mayWrite(directory("build"))).isFalse();

    assertThat(packed.leftAlone()).isEmpty();
  }

  @Test
  void whatIsNotHereIsWrittenAlsoInADirectoryThatStayedAtHome() throws Exception {
    assertThat(packed.mayWrite(directory("build"))).isFalse();
    assertThat(packed.mayWrite(file("build/report", "x"))).isTrue();
    assertThat(packed.mayWrite(file("new", "x"))).isTrue();
  }

  @Test
  void belowWhatIsLeftAloneNothingIsWritten() throws Exception {
    assertThat(packed.mayWrite(directory("local"))).isFalse();
    assertThat(packed.mayWrite(directory("local/sub"))).isFalse();
    assertThat(packed.mayWrite(file("local/sub/a", "evil"))).isFalse();

    assertThat(packed.leftAlone()).containsExactly(new LeftAlone("local", Cause.NOT_PACKED));
  }

  @Test
  void packedAndAsItWasIsTheTasks() throws Exception {
    assertThat(packed.mayWrite(directory("src"))).isTrue();
    assertThat(packed.mayWrite(file("src/a", "b"))).isTrue();
    assertThat(packed.mayWrite(directory("link"))).isTrue();
    assertThat(packed.leftAlone()).isEmpty();
  }

  @Test
  void packedAndOfAnotherKindNowIsLeftAlone() throws Exception {
    Files.delete(top.resolve("link"));
    Files.createSymbolicLink(top.resolve("link"), Path.of("build"));
    Files.delete(top.resolve("src/a"));
    Files.createSymbolicLink(top.resolve("src/a"), Path.of("../.env"));

    assertThat(packed.mayWrite(file("link", "x"))).isFalse();
    assertThat(packed.mayWrite(file("src/a", "x"))).isFalse();
    assertThat(packed.leftAlone())
        .extracting(LeftAlone::cause)
        .containsExactly(Cause.CHANGED_MEANWHILE, Cause.CHANGED_MEANWHILE);
  }

  @Test
  void onlyWhatWasPackedIsRemoved() throws Exception {
    int removed =
        packed.remove(
            Stream.of(".git/config", ".env", "local", "build/old", "absent", "src/a", "src", "link")
                .map(ByteString::copyFromUtf8)
                .toList());

    assertThat(removed).isEqualTo(3);
    assertThat(top.resolve(".git/config")).exists();
    assertThat(top.resolve(".env")).exists();
    assertThat(top.resolve("build/old")).exists();
    assertThat(top.resolve("src")).doesNotExist();
    assertThat(packed.leftAlone())
        .extracting(LeftAlone::path)
        .containsExactlyInAnyOrder(".git", ".env", "local", "build/old");
  }

  @Test
  void directoryThatWasRemovedIsNoLongerBelievedToBeOne() throws Exception {
    TargetFolder folder = new TargetFolder(top);
    ByteString inside = ByteString.copyFromUtf8("build/old/x");
    assertThat(folder.kind(inside)).isEmpty();
    assertThat(folder.remove(ByteString.copyFromUtf8("build/old"))).isTrue();
    Path outside = Files.createDirectory(home.resolve("outside"));
    Files.writeString(outside.resolve("x"), "not the task's");
    Files.createSymbolicLink(top.resolve("build/old"), outside);

    assertThat(folder.kind(inside)).isEmpty();
    assertThat(folder.remove(inside)).isFalse();
    assertThat(outside.resolve("x")).exists();
  }

  private static TreeEntry file(String path, String content) {
    ByteString digest = FileHasher.hash(ByteString.copyFromUtf8(content));
    return entry(path, TreeEntryKind.TREE_ENTRY_KIND_FILE).setDigest(digest).build();
  }

  private static TreeEntry directory(String path) {
    return entry(path, TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY).build();
  }

  private static TreeEntry.Builder entry(String path, TreeEntryKind kind) {
    return TreeEntry.newBuilder().setPath(ByteString.copyFromUtf8(path)).setKind(kind);
  }
}
