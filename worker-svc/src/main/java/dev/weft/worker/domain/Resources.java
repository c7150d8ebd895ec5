package dev.weft.worker.domain;

/** Amounts that one attempt takes; 0 of a kind takes nothing of it. */
public record Resources(int cpuMilli, long memoryBytes, long diskBytes) {

  public static final Resources NONE = new Resources(0, 0, 0);

  public Resources {
    if (cpuMilli < 0 || memoryBytes < 0 || diskBytes < 0) {
      throw new IllegalArgumentException(
          "resources: " + cpuMilli + ", " + memoryBytes + ", " + diskBytes + " (expected: >= 0)");
    }
  }
}
