package dev.weft.router.domain.fleet;

/** How strongly attempts are kept apart; a higher level satisfies a lower one. */
public enum SandboxLevel {
  NONE,
  LANDLOCK,
  BUBBLEWRAP,
  MICROVM;

  private static final SandboxLevel[] ALL = values();

  public static SandboxLevel of(int code) {
    if (code < 0 || code >= ALL.length) {
      throw new IllegalArgumentException("sandbox level: " + code + " (expected: 0..3)");
    }
    return ALL[code];
  }

  public boolean satisfies(SandboxLevel asked) {
    return compareTo(asked) >= 0;
  }
}
