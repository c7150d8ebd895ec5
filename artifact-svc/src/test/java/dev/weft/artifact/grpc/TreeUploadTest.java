package dev.weft.artifact.grpc;

import static dev.weft.artifact.grpc.StoreFixture.random;
import static dev.weft.artifact.testing.StoreClient.digest;
import static dev.weft.artifact.testing.StoreClient.header;
import static dev.weft.artifact.testing.StoreClient.problem;
import static dev.weft.artifact.testing.StoreClient.refused;
import static dev.weft.artifact.testing.StoreClient.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.artifact.domain.ArtifactRules;
import dev.weft.artifact.testing.StoreClient;
import dev.weft.proto.artifacts.v1.Artifact;
import dev.weft.proto.artifacts.v1.ListArtifactsRequest;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeUploadTest {

  private static final ByteString CONTENT = random(1_000);

  private final StoreFixture fixture = new StoreFixture();
  private final StoreClient acme = fixture.tenant("acme");

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aTreeKeepsItsBlobsForAsLongAsItLives() {
    acme.putBlobs(whole(CONTENT));
    Artifact tree = put(tree(directory("src"), file("src/a"), link("src/b", "a")).build());
    fixture.clock.advance(Duration.ofHours(2));
    fixture.catalog.sweep(100);
    assertThat(acme.missing(List.of(digest(CONTENT)))).isEmpty();

    acme.remove(tree.getId());
    fixture.clock.advance(Duration.ofHours(2));
    assertThat(fixture.catalog.sweep(100)).hasSize(2);
  }

  @Test
  void aTreeOfHeldBytesIsReadToo() {
    acme.putBlobs(whole(CONTENT));
    ByteString bytes = tree(file("a")).build().toByteString();
    acme.putBlobs(whole(bytes));

    assertThat(
            acme.put(
                    header()
                        .setMediaType(ArtifactRules.TREE)
                        .setIfHeld(true)
                        .setDigest(digest(bytes)))
                .getSizeBytes())
        .isEqualTo(bytes.size());
    ByteString bad = tree(file("../a")).build().toByteString();
    acme.putBlobs(whole(bad));
    assertThat(
            refused(
                () ->
                    acme.put(
                        header()
                            .setMediaType(ArtifactRules.TREE)
                            .setIfHeld(true)
                            .setDigest(digest(bad)))))
        .isEqualTo("TREE_INVALID");
  }

  @Test
  void aTreeWhoseFilesAreNotAllHeldIsIncomplete() {
    assertThat(problem(() -> put(tree(file("a")).build())).metadata())
        .containsEntry("missing", "1")
        .containsEntry("digest", hex(CONTENT));
    assertThat(refused(() -> put(tree(file("a")).build()))).isEqualTo("TREE_INCOMPLETE");
    fixture.tenant("other").putBlobs(whole(CONTENT));
    assertThat(refused(() -> put(tree(file("a")).build()))).isEqualTo("TREE_INCOMPLETE");
    assertThat(acme.list(ListArtifactsRequest.newBuilder()).getArtifactsCount()).isZero();
  }

  @Test
  void aTreeThatMustNotBeUnpackedIsRefused() {
    acme.putBlobs(whole(CONTENT));
    List<Tree.Builder> trees =
        List.of(
            tree(file("/etc/passwd")),
            tree(file("../a")),
            tree(file("a"), file("a")),
            tree(link("a", "/etc"), file("a/passwd")),
            tree(link("a", "..")),
            tree(file("a").setMode(04755)),
            tree(file("a").setSizeBytes(999)),
            tree(file("a").setDigest(ByteString.copyFrom(new byte[31]))),
            tree(file("a").setTarget(ByteString.copyFromUtf8("b"))),
            tree(directory("a").setSizeBytes(1)),
            tree(link("a", "b").setDigest(digest(CONTENT))),
            tree(file("a").setKind(TreeEntryKind.TREE_ENTRY_KIND_UNSPECIFIED)),
            tree(file("a").setKindValue(99)),
            tree().addRemoved(ByteString.copyFromUtf8("../a")));

    for (Tree.Builder tree : trees) {
      assertThat(refused(() -> put(tree.build()))).as("%s", tree).isEqualTo("TREE_INVALID");
    }
    assertThat(acme.list(ListArtifactsRequest.newBuilder()).getArtifactsCount()).isZero();
  }

  @Test
  void bytesThatAreNoTreeAreRefused() {
    for (ByteString bytes : List.of(random(1_000), ByteString.copyFromUtf8("hello\n"))) {
      assertThat(refused(() -> acme.put(header().setMediaType(ArtifactRules.TREE), bytes)))
          .isEqualTo("TREE_INVALID");
    }
    ByteString cut = tree(directory("a")).build().toByteString();
    assertThat(
            refused(
                () ->
                    acme.put(
                        header().setMediaType(ArtifactRules.TREE),
                        cut.substring(0, cut.size() - 1))))
        .isEqualTo("TREE_INVALID");
  }

  private Artifact put(Tree tree) {
    return acme.put(header().setMediaType(ArtifactRules.TREE), tree.toByteString());
  }

  private static Tree.Builder tree(TreeEntry.Builder... entries) {
    Tree.Builder tree = Tree.newBuilder();
    List.of(entries).forEach(tree::addEntries);
    return tree;
  }

  private static TreeEntry.Builder file(String path) {
    return entry(path, TreeEntryKind.TREE_ENTRY_KIND_FILE)
        .setDigest(digest(CONTENT))
        .setSizeBytes(CONTENT.size());
  }

  private static TreeEntry.Builder directory(String path) {
    return entry(path, TreeEntryKind.TREE_ENTRY_KIND_DIRECTORY);
  }

  private static TreeEntry.Builder link(String path, String target) {
    return entry(path, TreeEntryKind.TREE_ENTRY_KIND_SYMLINK)
        .setTarget(ByteString.copyFromUtf8(target));
  }

  private static TreeEntry.Builder entry(String path, TreeEntryKind kind) {
    return TreeEntry.newBuilder()
        .setPath(ByteString.copyFromUtf8(path))
        .setKind(kind)
        .setMode(0755);
  }

  private static String hex(ByteString content) {
    return dev.weft.artifact.domain.Digest.ofContent(content.toByteArray()).hex();
  }
}
