package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.TreePath;
import java.io.IOException;

/** A file is not any more what it was when it was looked at. */
final class MovedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient TreePath path;

  MovedException(TreePath path) {
    super(path + ": changed while it was read");
    this.path = path;
  }

  TreePath path() {
    return path;
  }
}
