package dev.weft.gateway.domain;

import java.util.Optional;

/**
 * Paths inside a task's workspace, as text: they are never resolved here, so they must be plain as
 * they stand.
 */
final class WorkspacePath {

  static final int MOST = 512;

  private WorkspacePath() {}

  /**
   * What is expected of the path instead, if it could lead out of the workspace or mean two things.
   */
  static Optional<String> fault(String path) {
    if (path.isEmpty() || path.length() > MOST) {
      return Optional.of("1.." + MOST + " characters");
    }
    if (path.startsWith("/")) {
      return Optional.of("a path relative to the workspace");
    }
    if (path.codePoints().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
      return Optional.of("no control characters and no backslash");
    }
    if (!wellFormed(path)) {
      return Optional.of("well-formed Unicode");
    }
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return Optional.of("no segment that is empty, \".\" or \"..\"");
      }
      if (segment.length() > 255) {
        return Optional.of("segments of at most 255 characters");
      }
    }
    return Optional.empty();
  }

  private static boolean wellFormed(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
