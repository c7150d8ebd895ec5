package dev.weft.cli.tree;

/**
 * A directory can't be packed, or a tree not be brought into a directory; says which name and why.
 */
public final class TreeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TreeException(String message) {
    super(message);
  }

  TreeException(String message, Throwable cause) {
    super(message, cause);
  }
}
