package dev.weft.artifact.domain.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** The rules for paths, which are bytes: a file system's names need not be text. */
final class TreePath {

  static final int MOST_BYTES = 4_096;
  private static final int MOST_PART = 255;
  private static final int SHOWN = 60;

  private TreePath() {}

  /** Fails unless the path is relative and made of real names only. */
  static void check(byte[] path) {
    parts("path", path);
    for (int start = 0; start <= path.length; start = end(path, start) + 1) {
      int length = end(path, start) - start;
      if (isDots(path, start, length)) {
        throw new InvalidTree("path: " + shown(path) + " (expected: no . and .. in it)");
      }
    }
  }

  /**
   * Fails unless a link in the tree at this path leads to a place inside. All of its ".." must come
   * first: the parents of a link are real directories, so these lead where they seem to; one behind
   * a name might start at another link's end.
   */
  static void checkTarget(byte[] path, byte[] target) {
    parts("link target", target);
    int depth = 0;
    for (byte character : path) {
      depth += character == '/' ? 1 : 0;
    }
    boolean named = false;
    for (int start = 0; start <= target.length; start = end(target, start) + 1) {
      int length = end(target, start) - start;
      boolean up = length == 2 && isDots(target, start, length);
      if (up && (named || --depth < 0)) {
        throw new InvalidTree(
            "link " + shown(path) + ": " + shown(target) + " (expected: stays inside the tree)");
      }
      named |= !up;
    }
  }

  /** The directory that the path lies in; empty at the top. */
  static byte[] parent(byte[] path) {
    int slash = path.length;
    do {
      slash--;
    } while (slash >= 0 && path[slash] != '/');
    return Arrays.copyOf(path, Math.max(slash, 0));
  }

  /** For people: text where it is text. */
  static String shown(byte[] path) {
    int length = Math.min(path.length, SHOWN);
    for (int i = 0; i < length; i++) {
      if (path[i] < ' ' || path[i] == 127) {
        return "0x" + HexFormat.of().formatHex(path, 0, length);
      }
    }
    return new String(path, 0, length, StandardCharsets.US_ASCII)
        + (path.length > length ? "…" : "");
  }

  private static void parts(String what, byte[] path) {
    if (path.length == 0 || path.length > MOST_BYTES) {
      throw new InvalidTree(what + ": " + path.length + " bytes (expected: 1.." + MOST_BYTES + ")");
    }
    for (int start = 0; start <= path.length; start = end(path, start) + 1) {
      int length = end(path, start) - start;
      if (length == 0 || length > MOST_PART) {
        throw new InvalidTree(
            what
                + ": "
                + shown(path)
                + " (expected: relative, parts of 1.."
                + MOST_PART
                + " bytes)");
      }
    }
    for (byte character : path) {
      if (character == 0) {
        throw new InvalidTree(what + ": " + shown(path) + " (expected: no zero byte)");
      }
    }
  }

  private static int end(byte[] path, int start) {
    int end = start;
    while (end < path.length && path[end] != '/') {
      end++;
    }
    return end;
  }

  private static boolean isDots(byte[] path, int start, int length) {
    return length <= 2 && path[start] == '.' && path[start + length - 1] == '.';
  }
}
