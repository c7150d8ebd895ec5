package dev.weft.artifact.domain.tree;

import dev.weft.artifact.domain.Digest;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Judges a tree name by name, in its order: parents first, each path once, nothing that leads out,
 * no special bits. Collects the blobs that it needs.
 */
public final class TreeRules {

  private static final int PERMISSIONS = 0777;

  private final int mostNames;
  private final PathSet names = new PathSet();
  private final PathSet directories = new PathSet();
  private final PathSet removed = new PathSet();
  private final Map<Digest, Long> blobs = new HashMap<>();

  public TreeRules(int mostNames) {
    this.mostNames = mostNames;
  }

  /** Takes the next name. */
  public void accept(TreeNode node) {
    byte[] path = node.path();
    TreePath.check(path);
    if ((node.mode() & ~PERMISSIONS) != 0) {
      throw new InvalidTree(
          "mode of %s: %o (expected: 0..777)".formatted(TreePath.shown(path), node.mode()));
    }
    byte[] parent = TreePath.parent(path);
    if (parent.length > 0 && !directories.contains(parent)) {
      throw new InvalidTree(
          "path: " + TreePath.shown(path) + " (expected: its directory comes before it)");
    }
    boolean directory =
        switch (node.kind()) {
          case TreeKind.Directory ignored -> true;
          case TreeKind.RegularFile file -> {
            need(path, file);
            yield false;
          }
          case TreeKind.SymbolicLink link -> {
            TreePath.checkTarget(path, link.target());
            yield false;
          }
        };
    count();
    if (!names.add(path)) {
      throw new InvalidTree("path: " + TreePath.shown(path) + " (expected: once)");
    }
    if (directory) {
      directories.add(path);
    }
  }

  /** Takes a path of the base that is gone. */
  public void removed(byte[] path) {
    TreePath.check(path);
    count();
    if (!removed.add(path)) {
      throw new InvalidTree("removed: " + TreePath.shown(path) + " (expected: once)");
    }
  }

  /** The content of all files: digest and size. */
  public Map<Digest, Long> blobs() {
    return Collections.unmodifiableMap(blobs);
  }

  private void need(byte[] path, TreeKind.RegularFile file) {
    Long before = blobs.putIfAbsent(file.digest(), file.size());
    if (file.size() < 0 || (before != null && before != file.size())) {
      throw new InvalidTree(
          "size of %s: %d (expected: one size per digest)"
              .formatted(TreePath.shown(path), file.size()));
    }
  }

  private void count() {
    if (names.size() + removed.size() >= mostNames) {
      throw new InvalidTree("names: more (expected: at most " + mostNames + ")");
    }
  }
}
