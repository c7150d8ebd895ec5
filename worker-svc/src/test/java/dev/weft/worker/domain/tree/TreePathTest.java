package dev.weft.worker.domain.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A path that leads out can't be made at all. */
class TreePathTest {

  static TreePath path(String text) {
    try {
      return TreePath.of(text.getBytes(ISO_8859_1));
    } catch (TreeException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        ".",
        "../x",
        "a/..",
        "a/../b",
        "a/./b",
        "./a",
        "a//b",
        "a/",
        "//",
        "a/../../b",
        "a\0b",
        "\0",
        "a/..\0",
        "../../../../etc/passwd",
        "a/b/..",
        "a/."
      })
  void whatCouldLeadOutIsRefused(String text) {
    assertThatThrownBy(() -> TreePath.of(text.getBytes(ISO_8859_1)))
        .isInstanceOfSatisfying(
            TreeException.class, e -> assertThat(e.kind()).isEqualTo(TreeException.Kind.INVALID));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "...",
        "..a",
        "a..",
        ".hidden",
        "a b",
        "new\nline",
        "tab\t",
        "back\\slash",
        "%2e%2e",
        "\u00ff\u00fe",
        "-rf",
        "a:b",
        "C:\\x",
        "$(id)",
        "..\\..\\x",
        "a/...",
        "\u0001"
      })
  void ordinaryAndOddNamesAreTakenByteForByte(String text) throws Exception {
    byte[] bytes = text.getBytes(ISO_8859_1);

    assertThat(TreePath.of(bytes.clone()).bytes()).isEqualTo(bytes);
  }

  @Test
  void lengthsAreBounded() {
    assertThat(path("x".repeat(255)).depth()).isZero();
    assertThatThrownBy(() -> TreePath.of("x".repeat(256).getBytes(ISO_8859_1)))
        .isInstanceOf(TreeException.class);
    assertThatThrownBy(() -> TreePath.of("a/".repeat(2048).concat("b").getBytes(ISO_8859_1)))
        .isInstanceOf(TreeException.class);
  }

  @Test
  void whatIsShownOfItIsOneLineOfText() {
    assertThat(path("a\n\u001b[31m\u00ff")).hasToString("a\\x0a\\x1b[31m\\xff");
    assertThat(path("x".repeat(250)).toString().length()).isLessThan(130);
  }

  @Test
  void theOrderIsThatOfAWalkThatSortsEveryDirectory() {
    List<TreePath> walked =
        Stream.of("a", "a/b", "a/b/c", "a/z", "a!", "a.b", "b", "b\u00ff")
            .map(s -> path(s))
            .toList();

    assertThat(walked.reversed().stream().sorted().toList()).isEqualTo(walked);
  }

  @Test
  void whatIsBelowADirectoryIsNotWhatBeginsAlike() {
    assertThat(path("a/b").isBelow(path("a"))).isTrue();
    assertThat(path("a/b/c").isBelow(path("a"))).isTrue();
    assertThat(path("ab/c").isBelow(path("a"))).isFalse();
    assertThat(path("a").isBelow(path("a"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "link, target, true",
    "link, a/b/c, true",
    "link, ./a, true",
    "link, a/./b, true",
    "link, .., false",
    "link, ../x, false",
    "link, /etc/passwd, false",
    "a/link, .., true",
    "a/link, ../b, true",
    "a/link, ../../b, false",
    "a/b/link, ../../c, true",
    "a/b/link, ./../../c, false",
    "a/link, b//c, false",
    "a/link, b/, false",
    "a/b/link, ../../../c, false",
    "a/b/c/link, up/../../x, false",
    "a/link, b/../c, false",
    "a/link, b/.., false",
    "a/link, //x, false"
  })
  void aLinkStaysInsideWhateverOtherLinksThereAre(String link, String target, boolean inside) {
    assertThat(LinkTarget.staysInside(path(link), target.getBytes(ISO_8859_1))).isEqualTo(inside);
  }

  @Test
  void aLinkToNothingOrWithANulIsNone() {
    assertThat(LinkTarget.staysInside(path("a"), new byte[0])).isFalse();
    assertThat(LinkTarget.staysInside(path("a"), "x\0y".getBytes(ISO_8859_1))).isFalse();
    assertThat(LinkTarget.staysInside(path("a"), "x".repeat(5000).getBytes(ISO_8859_1))).isFalse();
  }
}
