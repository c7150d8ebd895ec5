package dev.weft.bench;

/** The mesh did something else than what was to be measured, so there is no figure. */
final class BenchFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BenchFailure(String message) {
    super(message);
  }
}
