package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.TreePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Files that changed between the look at them and their reading: looked at anew, a few times. */
final class Restless {

  private final Map<TreePath, Integer> moved = new HashMap<>();
  private final Set<TreePath> left = new HashSet<>();

  void moved(TreePath path) {
    if (moved.merge(path, 1, Integer::sum) >= StableFile.TRIES) {
      left.add(path);
    }
  }

  /** Those that are to be left out. */
  Set<TreePath> left() {
    return left;
  }
}
