package dev.weft.artifact.store;

/** Rolls a transaction back: a blob that it must hold is not there. */
final class Incomplete extends RuntimeException {

  Incomplete() {
    super("a blob is not held", null, false, false);
  }
}
