package dev.weft.artifact.domain.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.artifact.domain.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeRulesTest {

  private static final Digest CONTENT = new Digest(1, 2, 3, 4);

  private final TreeRules rules = new TreeRules(10);

  @Test
  void anOrdinaryTreeIsTakenAndItsBlobsAreCollectedOnce() {
    directory("src");
    directory("src/main");
    file("src/main/A.java");
    file("src/main/line\nbreak");
    file("src/main/\u0001");
    link("src/latest", "main/A.java");
    link("src/main/up", "../../README");
    link("loop", "loop");
    rules.removed(bytes("old"));

    assertThat(rules.blobs()).isEqualTo(Map.of(CONTENT, 5L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a/",
        "a//b",
        ".",
        "..",
        "./a",
        "a/.",
        "a/..",
        "../a",
        "a/../b",
        "nul\0byte"
      })
  void pathsThatLeadElsewhereAreRefused(String path) {
    rules.accept(node("a", new TreeKind.Directory()));

    assertRefused(() -> file(path));
    assertRefused(() -> rules.removed(bytes(path)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "..",
        "../..",
        "../x",
        "x/..",
        "x/../y",
        "x/../../y",
        "./../..",
        "a//b",
        "a\0b"
      })
  void linksAtTheTopThatLeadOutOrTurnAreRefused(String target) {
    assertRefused(() -> link("link", target));
  }

  @Test
  void aLinkGoesUpAsFarAsTheTopAndNoFurther() {
    directory("a");
    directory("a/b");
    link("a/b/top", "../..");
    link("a/b/other", "../../c");

    assertRefused(() -> link("a/b/out", "../../.."));
    assertRefused(() -> link("a/b/out", "../../../c"));
  }

  @Test
  void nothingLiesInAFileOrALinkOrNowhere() {
    file("file");
    link("link", "file");

    assertRefused(() -> file("file/x"));
    assertRefused(() -> file("link/x"));
    assertRefused(() -> file("nowhere/x"));
  }

  @Test
  void aPathStandsOnce() {
    file("a");

    assertRefused(() -> file("a"));
    assertRefused(() -> directory("a"));
    rules.removed(bytes("b"));
    assertRefused(() -> rules.removed(bytes("b")));
  }

  @ParameterizedTest
  @ValueSource(ints = {04755, 02755, 01777, -1, 0100644})
  void specialBitsAreRefused(int mode) {
    assertRefused(
        () -> rules.accept(new TreeNode(bytes("a"), mode, new TreeKind.RegularFile(CONTENT, 5))));
  }

  @Test
  void oneDigestHasOneSize() {
    file("a");

    assertRefused(
        () -> rules.accept(new TreeNode(bytes("b"), 0644, new TreeKind.RegularFile(CONTENT, 6))));
    assertRefused(
        () ->
            rules.accept(
                new TreeNode(
                    bytes("c"), 0644, new TreeKind.RegularFile(new Digest(9, 9, 9, 9), -1))));
  }

  @Test
  void namesAreBounded() {
    assertRefused(() -> file("x".repeat(256)));
    StringBuilder deep = new StringBuilder("d");
    for (int i = 0; i < 2_048; i++) {
      deep.append("/d");
    }
    assertRefused(() -> file(deep.toString()));
    for (int i = 0; i < 10; i++) {
      file("f" + i);
    }
    assertRefused(() -> file("one too many"));
  }

  @Test
  void removedNamesCountAsOthersDo() {
    for (int i = 0; i < 5; i++) {
      directory("d" + i);
      rules.removed(bytes("r" + i));
    }

    assertRefused(() -> rules.removed(bytes("one too many")));
    assertRefused(() -> directory("one too many"));
  }

  /** However long they are: the heap of a whole service may be 160 MB. */
  @Test
  void aQuarterMillionNamesNeedLittleMemory() {
    int many = 250_000;
    String folder = "d".repeat(200);
    TreeRules large = new TreeRules(many);
    large.accept(node(folder, new TreeKind.Directory()));
    long before = used();
    for (int i = 1; i < many; i++) {
      large.accept(node(folder + "/" + i, new TreeKind.Directory()));
    }

    assertThat(used() - before).isLessThan(32L << 20);
    assertThatExceptionOfType(InvalidTree.class)
        .isThrownBy(() -> large.removed(bytes("one too many")))
        .withMessageContaining("at most 250000");
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void assertRefused(Runnable step) {
    assertThatExceptionOfType(InvalidTree.class).isThrownBy(step::run);
  }

  private void directory(String path) {
    rules.accept(node(path, new TreeKind.Directory()));
  }

  private void file(String path) {
    rules.accept(node(path, new TreeKind.RegularFile(CONTENT, 5)));
  }

  private void link(String path, String target) {
    rules.accept(node(path, new TreeKind.SymbolicLink(bytes(target))));
  }

  private static TreeNode node(String path, TreeKind kind) {
    return new TreeNode(bytes(path), 0755, kind);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
