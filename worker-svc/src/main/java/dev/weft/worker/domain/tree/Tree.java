package dev.weft.worker.domain.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * A directory's content, parents before their children.
 *
 * @param removed what a base tree had and this directory has no more, children before their parents
 */
public record Tree(List<TreeEntry> entries, List<TreePath> removed) {

  /** Of every tree that is stored. */
  public static final String MEDIA_TYPE = "application/vnd.weft.tree";

  public static final Tree EMPTY = new Tree(List.of(), List.of());

  public Tree {
    entries = List.copyOf(entries);
    removed = List.copyOf(removed);
  }

  public boolean isEmpty() {
    return entries.isEmpty() && removed.isEmpty();
  }

  public int size() {
    return entries.size() + removed.size();
  }

  /** The files that it names. */
  public List<TreeEntry.Regular> files() {
    List<TreeEntry.Regular> files = new ArrayList<>();
    for (TreeEntry entry : entries) {
      if (entry instanceof TreeEntry.Regular file) {
        files.add(file);
      }
    }
    return files;
  }
}
