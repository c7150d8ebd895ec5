package dev.weft.worker.domain.tree;

/** Whether a symbolic link stays inside its tree. */
public final class LinkTarget {

  private LinkTarget() {}

  private static final int MAX_NAME_BYTES = 255;

  /**
   * Judged by the text alone, as everybody does who takes a tree in: relative, of names of 1 to 255
   * bytes, with ".." only at its beginning and no more of them than the link is deep. A ".." after
   * a name is refused even where the text balances, since the name may be a link that leads up:
   * what is left leads inside whatever other links stand on the way.
   */
  public static boolean staysInside(TreePath link, byte[] target) {
    if (target.length == 0 || target.length > TreePath.MAX_BYTES) {
      return false;
    }
    int ups = 0;
    boolean named = false;
    int start = 0;
    for (int i = 0; i <= target.length; i++) {
      if (i == target.length || target[i] == '/') {
        int length = i - start;
        boolean up = length == 2 && target[start] == '.' && target[start + 1] == '.';
        if (length == 0 || length > MAX_NAME_BYTES || (up && (named || ++ups > link.depth()))) {
          return false;
        }
        named |= !up;
        start = i + 1;
      } else if (target[i] == 0) {
        return false;
      }
    }
    return true;
  }
}
