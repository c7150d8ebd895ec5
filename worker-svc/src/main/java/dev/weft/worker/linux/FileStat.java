package dev.weft.worker.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What the kernel knows of a name.
 *
 * @param mode permission bits alone
 */
public record FileStat(
    Kind kind, int mode, int owner, long inode, long size, long modifiedNanos, long changedNanos) {

  /** What a name stands for. */
  public enum Kind {
    FILE('f'),
    DIRECTORY('d'),
    LINK('l'),
    /** A device, a pipe, a socket. */
    OTHER('o');

    private final char code;

    Kind(char code) {
      this.code = code;
    }

    /** Stands for it on disk. */
    public char code() {
      return code;
    }

    public static Kind of(char code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("kind: " + code + " (expected: f, d, l or o)");
    }
  }

  static final int BYTES = 256;
  static final int MOST_TARGET = 8192;
  static final long SECOND = 1_000_000_000L;

  /** AT_SYMLINK_NOFOLLOW. */
  static final int NO_FOLLOW = 0x100;

  /** AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH. */
  static final int FLAGS = NO_FOLLOW | 0x1000;

  /** STATX_BASIC_STATS. */
  static final int WANTED = 0x7ff;

  private static final int TYPE = 0170000;

  /** Reads a {@code struct statx}. */
  static FileStat of(MemorySegment statx) {
    int mode = statx.get(JAVA_SHORT, 28) & 0xffff;
    Kind kind =
        switch (mode & TYPE) {
          case 0100000 -> Kind.FILE;
          case 0040000 -> Kind.DIRECTORY;
          case 0120000 -> Kind.LINK;
          default -> Kind.OTHER;
        };
    return new FileStat(
        kind,
        mode & 07777,
        statx.get(JAVA_INT, 20),
        statx.get(JAVA_LONG, 32),
        statx.get(JAVA_LONG, 40),
        time(statx, 112),
        time(statx, 96));
  }

  private static long time(MemorySegment statx, long offset) {
    return statx.get(JAVA_LONG, offset) * SECOND + statx.get(JAVA_INT, offset + 8);
  }

  /** Whether nobody has touched its bytes since, as far as the kernel tells. */
  public boolean sameContent(FileStat other) {
    return kind == other.kind
        && inode == other.inode
        && size == other.size
        && modifiedNanos == other.modifiedNanos
        && changedNanos == other.changedNanos;
  }
}
