package dev.weft.cli.demo;

/** Something that the demonstration claims did not happen. */
final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }
}
