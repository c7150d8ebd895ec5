package dev.weft.cli.tree;

/** A file is not what it was when it was packed: pack again. */
public final class ChangedWhilePackedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChangedWhilePackedException(byte[] path) {
    super(
        "changed while it was packed: "
            + RawNames.shown(path)
            + " (expected: it holds still for a moment, or .weftignore names it)");
  }
}
