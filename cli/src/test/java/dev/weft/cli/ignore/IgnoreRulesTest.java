package dev.weft.cli.ignore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of gitignore(5), one by one. */
class IgnoreRulesTest {

  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        // A name matches at any depth; an anchored one only where it stands.
        "foo,             foo,           true",
        "foo,             a/b/foo,       true",
        "/foo,            foo,           true",
        "/foo,            a/foo,         false",
        "a/foo,           a/foo,         true",
        "a/foo,           b/a/foo,       false",
        // Directories only.
        "foo/,            foo,           false",
        "foo/,            foo/,          true",
        "a/b/,            a/b/,          true",
        "a/b/,            a/b,           false",
        // One star and question mark stop at slashes.
        "*.class,         a/B.class,     true",
        "a/*.c,           a/x.c,         true",
        "a/*.c,           a/b/x.c,       false",
        "a?c,             abc,           true",
        "a?c,             a/c,           false",
        // Two stars.
        "**/foo,          foo,           true",
        "**/foo,          a/b/foo,       true",
        "**/foo/bar,      x/foo/bar,     true",
        "abc/**,          abc/x/y,       true",
        "abc/**,          abc/,          false",
        "a/**/b,          a/b,           true",
        "a/**/b,          a/x/y/b,       true",
        "a/**/b,          a/xb,          false",
        "/a**b,           a/b,           false",
        "x*/**b,          xy/ab,         true",
        // Brackets.
        "[abc].txt,       b.txt,         true",
        "[!abc].txt,      b.txt,         false",
        "[^abc].txt,      d.txt,         true",
        "[a-c]x,          bx,            true",
        "[c-a]x,          bx,            false",
        "[]-]x,           ]x,            true",
        "[]-]x,           -x,            true",
        "a[x/]b,          axb,           true",
        "a[x/]b,          a/b,           false",
        "[[:digit:]]x,    7x,            true",
        "[[:nonsense:]]x, nx,            false",
        "[ab,             [ab,           false",
        // Escapes.
        "\\#foo,          #foo,          true",
        "\\!foo,          !foo,          true",
        "a\\*b,           a*b,           true",
        "a\\*b,           axb,           false",
        "foo\\,           foo\\,         false",
        // Nothing at all.
        "#foo,            foo,           false",
        "/,               foo,           false",
        "foo//,           foo/,          false",
      })
  void onePattern(String pattern, String path, boolean ignored) {
    assertThat(ignores(pattern, "", path)).isEqualTo(ignored);
  }

  @Test
  void lastPatternThatMatchesDecides() {
    assertThat(ignores("*.log\n!keep.log\n", "", "keep.log")).isFalse();
    assertThat(ignores("!keep.log\n*.log\n", "", "keep.log")).isTrue();
  }

  @Test
  void blanksAtTheEndCountOnlyWhenEscaped() {
    assertThat(ignores("foo   \n", "", "foo")).isTrue();
    assertThat(ignores("foo\\ \n", "", "foo ")).isTrue();
    assertThat(ignores("foo\\ \n", "", "foo")).isFalse();
  }

  @Test
  void linesMayEndAsWindowsHasThemAndBeginWithAMark() {
    assertThat(ignores("\uFEFFfoo\r\nbar", "", "foo")).isTrue();
    assertThat(ignores("\uFEFFfoo\r\nbar", "", "bar")).isTrue();
  }

  @Test
  void nearerFileWins() {
    IgnoreRules top = IgnoreRules.none().inside(0, file("*.txt"), null);
    IgnoreRules inside = top.inside(2, file("!b.txt\n/x.md"), null);

    assertThat(inside.ignores(bytes("a/b.txt"), 2, false)).isFalse();
    assertThat(inside.ignores(bytes("a/c.txt"), 2, false)).isTrue();
    assertThat(inside.ignores(bytes("a/x.md"), 2, false)).isTrue();
    assertThat(inside.ignores(bytes("a/d/x.md"), 4, false)).isFalse();
  }

  @Test
  void weftignoreWinsOverEveryGitignore() {
    IgnoreRules top = IgnoreRules.none().inside(0, null, file("!gen/\n*.iso"));
    IgnoreRules inside = top.inside(2, file("gen/\n!big.iso"), null);

    assertThat(inside.ignores(bytes("a/gen"), 2, true)).isFalse();
    assertThat(inside.ignores(bytes("a/big.iso"), 2, false)).isTrue();
  }

  @Test
  void gitsOwnDirectoryNeverTravels() {
    assertThat(ignores("!.git\n", "!.git\n", "sub/.git/")).isTrue();
    assertThat(ignores("", "", ".Git/")).isTrue();
    assertThat(ignores("", "", ".github/")).isFalse();
  }

  @Test
  void manyStarsTakeNoTime() {
    String pattern = "a*".repeat(40) + "b";

    assertThat(ignores(pattern, "", "a".repeat(5000))).isFalse();
  }

  private static boolean ignores(String git, String weft, String path) {
    boolean directory = path.endsWith("/");
    String plain = directory ? path.substring(0, path.length() - 1) : path;
    return IgnoreRules.none()
        .inside(0, file(git), file(weft))
        .ignores(
            bytes(plain), bytes(plain.substring(0, plain.lastIndexOf('/') + 1)).length, directory);
  }

  private static IgnoreFile file(String content) {
    return IgnoreFile.parse(bytes(content));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
