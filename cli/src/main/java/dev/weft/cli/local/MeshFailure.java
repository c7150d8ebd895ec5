package dev.weft.cli.local;

/** The local mesh could not be started or stopped; the message says what to do. */
public final class MeshFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MeshFailure(String message) {
    super(message);
  }
}
