package dev.weft.worker.sandbox;

import dev.weft.worker.app.InvalidWorkException;
import java.nio.charset.StandardCharsets;

/** The check of every path that comes with a task. */
final class SafePath {

  private static final int MAX_BYTES = 1024;
  private static final int MAX_NAME_BYTES = 255;
  private static final String EXPECTED =
      "a relative path inside the workspace, of names without '.', '..' and control characters";

  private SafePath() {}

  /**
   * Answers the path as it is, or refuses it; nothing is repaired, so that nothing can be smuggled
   * past a repair.
   */
  static String require(String field, String path) throws InvalidWorkException {
    if (path.isEmpty() || bytes(path) > MAX_BYTES || path.indexOf('\\') >= 0) {
      throw refused(field, path);
    }
    if (path.chars().anyMatch(c -> c < ' ' || c == 0x7F || c == 0xFFFD)) {
      throw refused(field, path);
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..") || bytes(name) > MAX_NAME_BYTES) {
        throw refused(field, path);
      }
    }
    return path;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static InvalidWorkException refused(String field, String path) {
    String shown = path.length() > 100 ? path.substring(0, 100) + "…" : path;
    return new InvalidWorkException(field, shown, EXPECTED);
  }
}
