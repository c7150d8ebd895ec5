package dev.weft.artifact.domain.output;

/** A run of numbers that are not there, and will not be. */
public record Gap(long first, long last, GapReason reason) implements Entry {

  public Gap {
    if (first < 1 || last < first) {
      throw new IllegalArgumentException(
          "gap: " + first + "…" + last + " (expected: 1 <= first <= last)");
    }
  }

  @Override
  public int bytes() {
    return 0;
  }
}
