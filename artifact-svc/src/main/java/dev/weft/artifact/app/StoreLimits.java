package dev.weft.artifact.app;

import java.time.Duration;

/**
 * What is taken in.
 *
 * @param mostBytes of one artifact or blob
 * @param keepFree what uploads leave free
 * @param lifetime of an artifact whose upload says nothing
 */
public record StoreLimits(long mostBytes, long keepFree, Duration lifetime) {

  /** As many as a worker unpacks. */
  static final int MOST_TREE_NAMES = 250_000;

  private static final long MOST_TREE_BYTES = 64L << 20;
  private static final int HEAP_PARTS = 6;

  /**
   * Of one tree. 200,000 files with ordinary names have some 20 MB, for which a heap of 160 MB must
   * be enough.
   *
   * @param heap the most bytes that it may grow to
   */
  static long mostTreeBytes(long heap) {
    return Math.min(heap / HEAP_PARTS, MOST_TREE_BYTES);
  }
}
