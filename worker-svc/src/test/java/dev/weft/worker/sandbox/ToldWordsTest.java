package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that waits, told by a real pipe. */
class ToldWordsTest {

  /**
   * What it became, and what that wrote.
   *
   * @param latin each byte a character
   */
  private record Ended(int exitCode, String latin) {

    String text() {
      return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }

  private static Ended tell(byte[] words) throws Exception {
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 6<&0", "plan"));
    line.addAll(ToldWords.WAITING);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().put("LANG", "C.UTF-8");
    Process process = builder.start();
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.write(words);
    }
    byte[] output = process.getInputStream().readAllBytes();
    return new Ended(process.waitFor(), new String(output, StandardCharsets.ISO_8859_1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void argumentsArriveAsTheyAreWhateverTheyLookLike() throws Exception {
    List<String> odd =
        List.of(
            "",
            " spaces  around ",
            "$(touch /tmp/never) `id` ; exit 3",
            "'\"\\",
            "two\nlines\n\nand more\n",
            "+plus",
            "+\n+",
            ".",
            "-n",
            "*",
            "Grüße, 世界 🌍");
    List<String> argv = new ArrayList<>(List.of("/usr/bin/printf", "%s\\0"));
    argv.addAll(odd);

    Ended ended = tell(ToldWords.of(Map.of(), argv));

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.text()).isEqualTo(String.join("\0", odd) + "\0");
  }

  @Test
  void variablesArriveAsTheyAreByteForByte() throws Exception {
    byte[] all = new byte[255];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (i + 1);
    }
    Map<String, byte[]> variables = new TreeMap<>();
    variables.put("ALL", all);
    variables.put("EMPTY", new byte[0]);

    Ended ended =
        tell(
            ToldWords.of(
                variables, List.of("/bin/sh", "-c", "printf '%s|%s.' \"$ALL\" \"$EMPTY\"")));

    assertThat(ended.latin()).isEqualTo(new String(all, StandardCharsets.ISO_8859_1) + "|.");
  }

  @Test
  void nothingOfItsOwnReachesWhatItBecomes() throws Exception {
    Ended ended = tell(ToldWords.of(Map.of("MINE", bytes("1")), List.of("/usr/bin/env")));

    assertThat(ended.text().lines())
        .filteredOn(line -> !line.startsWith("PWD=") && !line.startsWith("_="))
        .filteredOn(line -> !line.startsWith("SHLVL=") && !line.startsWith("OLDPWD"))
        .containsExactlyInAnyOrder("LANG=C.UTF-8", "MINE=1");
  }

  @Test
  void thePipeIsClosedForWhatItBecomes() throws Exception {
    Ended ended =
        tell(
            ToldWords.of(
                Map.of(), List.of("/bin/sh", "-c", "test -e /proc/self/fd/6 || echo closed")));

    assertThat(ended.text()).isEqualTo("closed\n");
  }

  @Test
  void whoIsNeverToldEndsWhenNobodyIsThereToTell() throws Exception {
    assertThat(tell(new byte[0]).exitCode()).isEqualTo(125);
  }

  @Test
  void halfOfTheWordsMakeNothing() throws Exception {
    byte[] words = ToldWords.of(Map.of(), List.of("/usr/bin/printf", "ran"));

    Ended ended = tell(Arrays.copyOf(words, words.length - ".\n".length()));

    assertThat(ended.exitCode()).isEqualTo(125);
    assertThat(ended.latin()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "OPTIND", "PWD", "IFS", "_"})
  void whatAShellTakesForItselfIsNotTold(String name) {
    assertThat(ToldWords.canTell(Map.of(name, "1"))).isFalse();
  }

  @Test
  void usualVariablesAreToldUpToTheirBound() {
    assertThat(ToldWords.canTell(Map.of("PATH", "/bin", "COLOUR", "blue", "PS1", "$ "))).isTrue();
    assertThat(ToldWords.canTell(Map.of("BIG", "x".repeat(7_000)))).isTrue();
    assertThat(ToldWords.canTell(Map.of("BIG", "x".repeat(8_000)))).isFalse();
  }
}
