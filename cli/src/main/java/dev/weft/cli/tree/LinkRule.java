package dev.weft.cli.tree;

import java.nio.charset.StandardCharsets;

/** Symbolic links may travel as long as nobody who follows them leaves the tree. */
final class LinkRule {
  private LinkRule() {}

  /**
   * Whether a link stays inside by its own words: relative, with ".." only at its beginning and no
   * more of them than it is deep. One that stands behind a name may begin at another link's end, so
   * words would prove nothing.
   *
   * @param path of the link, from the top
   */
  static boolean staysInside(byte[] path, byte[] target) {
    if (target.length == 0 || target[0] == '/') {
      return false;
    }
    int depth = 0;
    for (byte character : path) {
      depth += character == '/' ? 1 : 0;
    }
    boolean named = false;
    // As text of one character a byte: only dots and slashes matter.
    for (String part : new String(target, StandardCharsets.ISO_8859_1).split("/", -1)) {
      boolean up = part.equals("..");
      if (up && (named || --depth < 0)) {
        return false;
      }
      named |= !up;
    }
    return true;
  }
}
