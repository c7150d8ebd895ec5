package dev.weft.worker.domain.tree;

import static dev.weft.worker.domain.tree.TreePathTest.path;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.domain.tree.TreeException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeRulesTest {

  private static final Digest DIGEST = new Digest(1, 2, 3, 4);
  private final TreeRules rules = new TreeRules(10, 1000);

  @Test
  void aPlainTreeIsTaken() throws Exception {
    rules.check(tree(dir("a"), file("a/b", 0755, 600), link("a/l", "b"), file("c", 0, 400)));
  }

  @Test
  void nothingStandsBelowWhatIsNoDirectoryOrComesLater() {
    assertRefused(Kind.INVALID, file("a/b", 0644, 1));
    assertRefused(Kind.INVALID, file("a/b", 0644, 1), dir("a"));
    assertRefused(Kind.INVALID, file("a", 0644, 1), file("a/b", 0644, 1));
    assertRefused(Kind.INVALID, link("a", "."), file("a/b", 0644, 1));
  }

  @Test
  void everyNameIsThereOnce() {
    assertRefused(Kind.INVALID, file("a", 0644, 1), file("a", 0644, 1));
    assertRefused(Kind.INVALID, dir("a"), dir("a"));
    assertRefused(Kind.INVALID, dir("a"), link("a", "b"));
    assertRefused(Kind.INVALID, link("a", "b"), dir("a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {04755, 02755, 01777, 0100644, -1, 010000})
  void noBitBesidesPermissionsTravels(int mode) {
    assertRefused(Kind.INVALID, file("a", mode, 1));
    assertRefused(Kind.INVALID, new TreeEntry.Directory(path("a"), mode, 0));
  }

  @Test
  void aLinkOutIsRefused() {
    assertRefused(Kind.INVALID, link("a", "../etc"));
    assertRefused(Kind.INVALID, link("a", "/etc"));
  }

  @Test
  void sizesAreBoundedTogetherAndCannotOverflow() {
    assertRefused(Kind.TOO_LARGE, file("a", 0644, 501), file("b", 0644, 500));
    assertRefused(Kind.TOO_LARGE, file("a", 0644, Long.MAX_VALUE));
    assertRefused(Kind.INVALID, file("a", 0644, -1));
  }

  @Test
  void entriesAndDepthAreBounded() {
    List<TreeEntry> many = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      many.add(dir("d" + i));
    }
    assertRefused(Kind.TOO_LARGE, many.toArray(TreeEntry[]::new));
    assertThatThrownBy(() -> TreeRules.depth(path("a/".repeat(513) + "b")))
        .isInstanceOf(TreeException.class);
  }

  private void assertRefused(Kind kind, TreeEntry... entries) {
    assertThatThrownBy(() -> rules.check(tree(entries)))
        .isInstanceOfSatisfying(TreeException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private static Tree tree(TreeEntry... entries) {
    return new Tree(List.of(entries), List.of());
  }

  private static TreeEntry file(String name, int mode, long size) {
    return new TreeEntry.Regular(path(name), mode, size, DIGEST, 0);
  }

  private static TreeEntry dir(String name) {
    return new TreeEntry.Directory(path(name), 0755, 0);
  }

  private static TreeEntry link(String name, String target) {
    return new TreeEntry.Link(path(name), target.getBytes(UTF_8));
  }
}
