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

  /** A tree is read as a whole, name by name. */
  static final long MOST_TREE_BYTES = 128L << 20;

  static final int MOST_TREE_NAMES = 1_000_000;
}
