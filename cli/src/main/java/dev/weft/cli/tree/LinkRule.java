package dev.weft.cli.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Symbolic links may travel as long as nobody who follows them leaves the tree. */
final class LinkRule {
  private LinkRule() {}

  /**
   * Whether the target stays inside by its own words: relative, and never above the top.
   *
   * @param path of the link, from the top
   */
  static boolean staysInside(byte[] path, byte[] target) {
    if (target.length == 0 || target[0] == '/') {
      return false;
    }
    int depth = parts(path).size() - 1;
    for (String part : parts(target)) {
      depth += step(part);
      if (depth < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether it goes up after it has gone down, possibly through another link: then words prove
   * nothing.
   */
  static boolean isDevious(byte[] target) {
    boolean down = false;
    for (String part : parts(target)) {
      if (down && part.equals("..")) {
        return true;
      }
      down |= step(part) > 0;
    }
    return false;
  }

  /** Whether a link really ends inside; one that ends nowhere has only its words. */
  static boolean endsInside(Path top, Path link) throws IOException {
    return !Files.exists(link) || link.toRealPath().startsWith(top.toRealPath());
  }

  private static int step(String part) {
    return switch (part) {
      case "." -> 0;
      case ".." -> -1;
      default -> 1;
    };
  }

  /** As text of one character a byte: only dots and slashes matter. */
  private static List<String> parts(byte[] path) {
    String text = new String(path, java.nio.charset.StandardCharsets.ISO_8859_1);
    List<String> parts = new ArrayList<>();
    for (String part : text.split("/")) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }
}
