package dev.weft.cli.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The patterns of one ignore file; the last one that matches decides. */
public final class IgnoreFile {
  static final IgnoreFile EMPTY = new IgnoreFile(List.of());

  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** What a file says of a path. */
  enum Verdict {
    IGNORE,
    KEEP,
    NOTHING
  }

  private final List<IgnorePattern> patterns;

  private IgnoreFile(List<IgnorePattern> patterns) {
    this.patterns = List.copyOf(patterns);
  }

  /** From the file's content. */
  public static IgnoreFile parse(byte[] content) {
    List<IgnorePattern> patterns = new ArrayList<>();
    boolean marked =
        content.length >= BOM.length && Arrays.equals(content, 0, BOM.length, BOM, 0, BOM.length);
    int start = marked ? BOM.length : 0;
    while (start < content.length) {
      int end = start;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      int length = end > start && content[end - 1] == '\r' ? end - 1 : end;
      IgnorePattern.parse(Arrays.copyOfRange(content, start, length)).ifPresent(patterns::add);
      start = end + 1;
    }
    return patterns.isEmpty() ? EMPTY : new IgnoreFile(patterns);
  }

  Verdict verdict(byte[] path, int base, int name, boolean directory) {
    for (int i = patterns.size() - 1; i >= 0; i--) {
      IgnorePattern pattern = patterns.get(i);
      if (pattern.matches(path, base, name, directory)) {
        return pattern.keeps() ? Verdict.KEEP : Verdict.IGNORE;
      }
    }
    return Verdict.NOTHING;
  }
}
