package dev.weft.router.domain.fleet;

/** How strongly attempts are kept apart; a higher level satisfies a lower one. Codes are stored. */
public enum SandboxLevel {
  NONE(0),
  LANDLOCK(1),
  BUBBLEWRAP(2),
  MICROVM(3);

  private static final SandboxLevel[] ALL = values();

  private final int code;

  SandboxLevel(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static SandboxLevel of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException("sandbox level: " + code + " (expected: 0..3)");
    }
    return ALL[code];
  }

  public boolean satisfies(SandboxLevel asked) {
    return code >= asked.code;
  }
}
