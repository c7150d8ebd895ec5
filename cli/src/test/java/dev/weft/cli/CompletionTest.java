package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
  @TempDir Path home;
  private CommandRig rig;

  @BeforeEach
  void start() {
    rig = new CommandRig(home);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void bashCompletesCommandsActionsAndOptions() throws Exception {
    Path script = script("bash");

    assertThat(completed(script, "weft", "lo")).contains("logs", "local");
    assertThat(completed(script, "weft", "artifacts", "")).contains("put", "get", "list", "rm");
    assertThat(completed(script, "weft", "agent", "")).contains("spawn", "attach", "hibernate");
    assertThat(completed(script, "weft", "agent", "spawn", "--i")).contains("--idle");
    assertThat(completed(script, "weft", "run", "--d")).contains("--dir", "--deadline");
    assertThat(completed(script, "weft", "submit", "--q")).contains("--queue");
  }

  @Test
  void zshTakesTheSameScript() throws Exception {
    assertThat(Files.readString(script("zsh"))).contains("bashcompinit");
  }

  @Test
  void fishHasALineForEveryCommandAndOption() throws Exception {
    assertThat(Files.readString(script("fish")))
        .contains("complete -c weft -n '__fish_use_subcommand' -f -a run -d ")
        .contains("complete -c weft -n '__fish_seen_subcommand_from artifacts' -f -a put -d ")
        .contains("complete -c weft -n '__fish_seen_subcommand_from run' -l dir -r -d ")
        .contains("complete -c weft -n '__fish_seen_subcommand_from logs' -s f -l follow -d ");
  }

  @Test
  void otherShellsAreRefused() {
    assertThat(rig.weft("completion", "tcsh")).isEqualTo(ExitCodes.USAGE);

    assertThat(rig.stderr()).contains("shell: tcsh (expected: bash, zsh or fish)");
  }

  private Path script(String shell) throws Exception {
    assertThat(rig.weft("completion", shell)).as(rig.stderr()).isZero();
    return Files.writeString(home.resolve("completion." + shell), rig.stdout());
  }

  /** A real bash sources the script and is asked as when a person presses the tab key. */
  private static String completed(Path script, String... words) throws Exception {
    StringBuilder typed = new StringBuilder();
    for (String word : words) {
      typed.append('"').append(word).append("\" ");
    }
    String ask =
        """
        . "$1"
        function=$(complete -p weft | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        "$function"
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(typed, words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "-c", ask, "bash", script.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(text).isZero();
    return text;
  }
}
