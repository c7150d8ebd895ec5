package dev.weft.worker.domain.tree;

/** Whether a symbolic link stays inside its tree. */
public final class LinkTarget {

  private LinkTarget() {}

  /**
   * Judged by the text alone: relative, with ".." only at its beginning and no more of them than
   * the link is deep. A ".." after a name is refused even where the text balances, since the name
   * may be a link that leads up: what is left leads inside whatever other links stand on the way.
   */
  public static boolean staysInside(TreePath link, byte[] target) {
    if (target.length == 0 || target.length > TreePath.MAX_BYTES || target[0] == '/') {
      return false;
    }
    int ups = 0;
    boolean named = false;
    int start = 0;
    for (int i = 0; i <= target.length; i++) {
      if (i == target.length || target[i] == '/') {
        int length = i - start;
        boolean up = length == 2 && target[start] == '.' && target[start + 1] == '.';
        boolean nothing = length == 0 || (length == 1 && target[start] == '.');
        if (up && (named || ++ups > link.depth())) {
          return false;
        }
        named |= !up && !nothing;
        start = i + 1;
      } else if (target[i] == 0) {
        return false;
      }
    }
    return true;
  }
}
