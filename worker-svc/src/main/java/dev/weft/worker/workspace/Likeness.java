package dev.weft.worker.workspace;

import dev.weft.worker.domain.tree.Tree;
import dev.weft.worker.domain.tree.TreeEntry;
import dev.weft.worker.domain.tree.TreePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One tree, to which others are held: a directory as it is between two edits. */
final class Likeness {

  /** Of all entries, beyond which a tree is another one. */
  private static final int MOST_CHANGED_SHARE = 8;

  private final Map<TreePath, TreeEntry> entries = new HashMap<>();
  private final int directories;

  Likeness(Tree tree) {
    int found = 0;
    for (TreeEntry entry : tree.entries()) {
      entries.put(entry.path(), entry);
      found += entry instanceof TreeEntry.Directory ? 1 : 0;
    }
    this.directories = found;
  }

  /** Whether it is all there as it is to be; of a directory its mode and time don't count. */
  boolean has(TreeEntry entry) {
    TreeEntry mine = entries.get(entry.path());
    return switch (entry) {
      case TreeEntry.Directory _ -> mine instanceof TreeEntry.Directory;
      case TreeEntry.Regular file -> file.equals(mine);
      case TreeEntry.Link link ->
          mine instanceof TreeEntry.Link known && Arrays.equals(known.target(), link.target());
    };
  }

  boolean has(TreePath path) {
    return entries.containsKey(path);
  }

  /** What the other tree does not name. */
  List<TreePath> notIn(Tree other) {
    Set<TreePath> named = new HashSet<>();
    other.entries().forEach(entry -> named.add(entry.path()));
    List<TreePath> gone = new ArrayList<>();
    for (TreePath path : entries.keySet()) {
      if (!named.contains(path)) {
        gone.add(path);
      }
    }
    return gone;
  }

  /** Whether the other has the same directories and nearly the same in them. */
  boolean isOf(Tree other) {
    int common = 0;
    int changed = 0;
    int folders = 0;
    for (TreeEntry entry : other.entries()) {
      boolean same = has(entry);
      if (entry instanceof TreeEntry.Directory) {
        if (!same) {
          return false;
        }
        folders++;
      } else if (has(entry.path()) && entries.get(entry.path()) instanceof TreeEntry.Directory) {
        return false;
      }
      common += has(entry.path()) ? 1 : 0;
      changed += same ? 0 : 1;
    }
    int removed = entries.size() - common;
    return folders == directories && (changed + removed) * MOST_CHANGED_SHARE <= other.size();
  }
}
