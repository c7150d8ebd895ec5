package dev.weft.worker.domain.agent;

/** In characters. */
public record TerminalSize(int columns, int rows) {

  /** Before anybody has said another. */
  public static final TerminalSize USUAL = new TerminalSize(80, 24);

  private static final int MOST = 1000;

  /** Whether a terminal can be of this size. */
  public static boolean valid(int columns, int rows) {
    return columns >= 1 && columns <= MOST && rows >= 1 && rows <= MOST;
  }

  public TerminalSize {
    if (!valid(columns, rows)) {
      throw new IllegalArgumentException(
          "size: %d x %d (expected: each 1 to %d)".formatted(columns, rows, MOST));
    }
  }
}
