package dev.weft.worker.domain.tree;

import java.util.HashSet;
import java.util.Set;

/**
 * What a tree must keep before any of it is written: the worker believes no other service that it
 * has looked.
 *
 * @param mostEntries names, removed ones too
 * @param mostBytes of all files together
 */
public record TreeRules(int mostEntries, long mostBytes) {

  public static final int MOST_ENTRIES = 250_000;

  /** Each level is an open directory while it is walked. */
  public static final int MOST_DEPTH = 512;

  /** No setuid, setgid or sticky bit travels. */
  public static final int PERMISSIONS = 0777;

  /**
   * @throws TreeException naming the first entry that breaks a rule
   */
  public void check(Tree tree) throws TreeException {
    amounts(tree.size(), 0);
    Set<TreePath> directories = new HashSet<>();
    Set<TreePath> others = new HashSet<>();
    long bytes = 0;
    for (TreeEntry entry : tree.entries()) {
      TreePath path = entry.path();
      depth(path);
      if (!path.topLevel() && !directories.contains(path.parent())) {
        throw TreeException.invalid(path.bytes(), "entry", "below a directory that stands before");
      }
      if (directories.contains(path) || !others.add(path)) {
        throw TreeException.invalid(path.bytes(), "entry", "every path once");
      }
      bytes = Math.addExact(bytes, check(entry));
      amounts(tree.size(), bytes);
      if (entry instanceof TreeEntry.Directory) {
        others.remove(path);
        directories.add(path);
      }
    }
  }

  private static long check(TreeEntry entry) throws TreeException {
    return switch (entry) {
      case TreeEntry.Regular file -> {
        permissions(file.path(), file.mode());
        if (file.size() < 0) {
          throw TreeException.invalid(file.path().bytes(), "size", ">= 0");
        }
        yield file.size();
      }
      case TreeEntry.Directory directory -> {
        permissions(directory.path(), directory.mode());
        yield 0;
      }
      case TreeEntry.Link link -> {
        if (!LinkTarget.staysInside(link.path(), link.target())) {
          throw TreeException.invalid(
              link.path().bytes(), "link", "relative, inside the workspace");
        }
        yield 0;
      }
    };
  }

  /**
   * @throws TreeException if the path is below too many directories
   */
  public static void depth(TreePath path) throws TreeException {
    if (path.depth() > MOST_DEPTH) {
      throw TreeException.tooLarge("depth", path.depth(), MOST_DEPTH);
    }
  }

  /**
   * @throws TreeException if there are more than these rules allow
   */
  public void amounts(long entries, long bytes) throws TreeException {
    if (entries > mostEntries) {
      throw TreeException.tooLarge("entries", entries, mostEntries);
    }
    if (bytes > mostBytes) {
      throw TreeException.tooLarge("bytes", bytes, mostBytes);
    }
  }

  /**
   * Of names that are held before they are looked at.
   *
   * @throws TreeException if a directory has more names than are read, or they take too much room
   */
  public static void names(int names, int mostNames, long bytes, long mostBytes)
      throws TreeException {
    if (names > mostNames) {
      throw TreeException.tooLarge("names", names, mostNames);
    }
    if (bytes > mostBytes) {
      throw TreeException.tooLarge("nameBytes", bytes, mostBytes);
    }
  }

  private static void permissions(TreePath path, int mode) throws TreeException {
    if ((mode & ~PERMISSIONS) != 0) {
      throw TreeException.invalid(path.bytes(), "mode " + Integer.toOctalString(mode), "<= 777");
    }
  }
}
