package dev.weft.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The terminal of this process, in the mode that lets every key through; as it was again when it is
 * closed, and also when the process is told to end.
 */
final class TerminalMode implements AutoCloseable {
  private static final File TERMINAL = new File("/dev/tty");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})");
  private static final int LARGEST = 1000;
  private static final long PATIENCE_SECONDS = 5;

  private final String before;
  private final Thread hook;
  private boolean restored;

  /** In characters; each at least 1. */
  record Size(int columns, int rows) {}

  private TerminalMode(String before) {
    this.before = before;
    this.hook = new Thread(this::restore, "weft-terminal");
  }

  /**
   * Says at once that there is nothing to attach.
   *
   * @throws CliException if this process has no terminal
   */
  static void require(Context context) {
    if (!context.terminal() || stty("-g").isEmpty()) {
      throw new CliException(
          ExitCodes.USAGE,
          "attach: no terminal (expected: one; without: weft agent exec, or attach --view)");
    }
  }

  /** Lets every key through. */
  static TerminalMode raw() {
    String before =
        stty("-g")
            .orElseThrow(() -> new CliException(ExitCodes.USAGE, "attach: stty can't be asked"));
    TerminalMode mode = new TerminalMode(before);
    Runtime.getRuntime().addShutdownHook(mode.hook);
    stty("raw", "-echo");
    return mode;
  }

  /** Empty if it is not known. */
  static Optional<Size> size() {
    return stty("size")
        .map(SIZE::matcher)
        .filter(match -> match.matches())
        .map(match -> new Size(within(match.group(2)), within(match.group(1))))
        .filter(size -> size.columns() > 0 && size.rows() > 0);
  }

  private static int within(String number) {
    return Math.min(LARGEST, Integer.parseInt(number));
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends, and the hook runs or has run.
    }
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      stty(before);
    }
  }

  /** What stty says of this process's terminal; empty if it fails. */
  private static Optional<String> stty(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("stty"));
    argv.addAll(List.of(arguments));
    try {
      Process stty =
          new ProcessBuilder(argv)
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      boolean done = stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && stty.exitValue() == 0;
      return done ? Optional.of(said) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // No terminal, or no stty.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
