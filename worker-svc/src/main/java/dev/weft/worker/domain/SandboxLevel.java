package dev.weft.worker.domain;

/**
 * How strongly attempts are kept from the host and from each other; a later one satisfies an
 * earlier one.
 */
public enum SandboxLevel {
  NONE,
  LANDLOCK,
  BUBBLEWRAP,
  MICROVM;

  public boolean satisfies(SandboxLevel asked) {
    return compareTo(asked) >= 0;
  }
}
