package dev.weft.artifact.domain.tree;

/** The bytes are not a tree that may be unpacked. */
public final class InvalidTree extends RuntimeException {

  public InvalidTree(String message) {
    super(message);
  }

  public InvalidTree(String message, Throwable cause) {
    super(message, cause);
  }
}
