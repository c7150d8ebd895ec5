package dev.weft.worker.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a command that waits in its sandbox is told what to become: its environment and its
 * arguments, a word a line. The words are data of a fixed shell script and never text of it; a word
 * of several lines goes on with {@code +}.
 */
final class ToldWords {

  /** A pipe takes so much at once, unless its user has very many of them, see {@link ToldPipe}. */
  static final int MOST_BYTES = 60 * 1024;

  /** Room for the variables that a command adds to its body's. */
  private static final int MOST_VARIABLES = MOST_BYTES / 2;

  /** Its own variables begin with WEFT_, as no task's may. */
  private static final String SCRIPT =
      """
      WEFT_NEWLINE='
      '
      WEFT_KIND='' WEFT_WORD=''
      while IFS= read -r WEFT_LINE <&6; do
        case $WEFT_LINE in
          +*) WEFT_WORD=$WEFT_WORD$WEFT_NEWLINE${WEFT_LINE#+}; continue ;;
        esac
        case $WEFT_KIND in
          variable) export "$WEFT_WORD" ;;
          argument) set -- "$@" "$WEFT_WORD" ;;
        esac
        case $WEFT_LINE in
          v*) WEFT_KIND=variable WEFT_WORD=${WEFT_LINE#v} ;;
          a*) WEFT_KIND=argument WEFT_WORD=${WEFT_LINE#a} ;;
          .) exec "$@" 6<&- ;;
        esac
      done
      exit 125
      """;

  /** Waits to be told; ends when nobody is there any more who could. */
  static final List<String> WAITING = List.of("/bin/sh", "-c", SCRIPT, "weft-waiting");

  /** Variables that a shell takes for itself, so that it could not just hand them on. */
  private static final Pattern SHELLS_OWN =
      Pattern.compile(
          "BASH.*|COMP_.*|EPOCH.*|HIST.*|_|[EPU]+ID|GROUPS|DIRSTACK|FUNCNAME|IFS|LINENO|OPT[A-Z]+"
              + "|POSIXLY_CORRECT|PWD|OLDPWD|S?RANDOM|SECONDS|SHELLOPTS|SHLVL");

  private ToldWords() {}

  /** Whether a body's variables can be told. */
  static boolean canTell(Map<String, String> environment) {
    long bytes = 0;
    for (Map.Entry<String, String> each : environment.entrySet()) {
      bytes += each.getKey().length() + 4L * each.getValue().length();
    }
    return bytes <= MOST_VARIABLES && noneOfAShell(environment.keySet());
  }

  private static boolean noneOfAShell(Set<String> names) {
    return names.stream().noneMatch(name -> SHELLS_OWN.matcher(name).matches());
  }

  static byte[] of(Map<String, byte[]> variables, List<String> argv) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    variables.forEach(
        (name, value) -> {
          text.writeBytes(("v" + name + "=").getBytes(StandardCharsets.UTF_8));
          lines(text, value);
        });
    for (String word : argv) {
      text.write('a');
      lines(text, word.getBytes(StandardCharsets.UTF_8));
    }
    text.writeBytes(".\n".getBytes(StandardCharsets.US_ASCII));
    return text.toByteArray();
  }

  private static void lines(ByteArrayOutputStream text, byte[] word) {
    for (byte each : word) {
      text.write(each);
      if (each == '\n') {
        text.write('+');
      }
    }
    text.write('\n');
  }
}
