package dev.weft.artifact.domain.output;

/** A chunk's number is not the next one. */
public final class NumberLeftOut extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long expected;
  private final long number;

  NumberLeftOut(long expected, long number) {
    super("number: " + number + " (expected: " + expected + ")");
    this.expected = expected;
    this.number = number;
  }

  public long expected() {
    return expected;
  }

  public long number() {
    return number;
  }
}
