package dev.weft.cli.ignore;

import java.util.Arrays;
import java.util.Optional;

/**
 * One line of an ignore file.
 *
 * @param keeps {@code !}: what it matches is not ignored
 * @param directoryOnly {@code name/}
 * @param nameOnly no slash before its end: matches the last part of a path at any depth
 */
record IgnorePattern(boolean keeps, boolean directoryOnly, boolean nameOnly, Glob glob) {

  /** Empty if the line holds no pattern, or one that can't match. */
  static Optional<IgnorePattern> parse(byte[] line) {
    if (line.length == 0 || line[0] == '#') {
      return Optional.empty();
    }
    int from = line[0] == '!' ? 1 : 0;
    int to = withoutTrailingBlanks(line);
    boolean directoryOnly = to > from && line[to - 1] == '/';
    if (directoryOnly) {
      to--;
    }
    boolean nameOnly = true;
    for (int i = from; i < to; i++) {
      nameOnly &= line[i] != '/';
    }
    int start = from < to && line[from] == '/' ? from + 1 : from;
    if (start >= to) {
      return Optional.empty();
    }
    boolean keeps = from == 1;
    boolean byName = nameOnly;
    return GlobParser.parse(Arrays.copyOfRange(line, start, to))
        .map(tokens -> new IgnorePattern(keeps, directoryOnly, byName, new Glob(tokens)));
  }

  /**
   * @param base where in the path the part begins that is relative to the ignore file
   * @param name where the last part begins
   */
  boolean matches(byte[] path, int base, int name, boolean directory) {
    return (directory || !directoryOnly) && glob.matches(path, nameOnly ? name : base);
  }

  /** Blanks at the end don't count unless the first of them is escaped. */
  private static int withoutTrailingBlanks(byte[] line) {
    int blanks = line.length;
    boolean open = false;
    for (int i = 0; i < line.length; i++) {
      if (line[i] != ' ') {
        open = false;
        i += line[i] == '\\' ? 1 : 0;
      } else if (!open) {
        open = true;
        blanks = i;
      }
    }
    return open ? blanks : line.length;
  }
}
