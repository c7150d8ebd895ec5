package dev.weft.router.domain.effort;

/** How hard a task's work is. The codes are stored: only append. */
public enum Complexity {
  SIMPLE(1),
  MEDIUM(2),
  COMPLEX(3),
  /** In P0, with its reserve; is said, never guessed. */
  EMERGENCY(4);

  private static final Complexity[] ALL = values();

  private final int code;

  Complexity(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static Complexity of(int code) {
    if (code < 1 || code > ALL.length) {
      throw new IllegalArgumentException(
          "complexity: " + code + " (expected: 1.." + ALL.length + ")");
    }
    return ALL[code - 1];
  }
}
