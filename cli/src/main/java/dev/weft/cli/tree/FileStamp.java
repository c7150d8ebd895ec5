package dev.weft.cli.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What the file system says of a name without its content being read. Two equal stamps, none of
 * them racy, mean the same content.
 *
 * @param modified nanoseconds since 1970
 * @param changed of the inode itself: tells a change whose modification time was set back
 */
record FileStamp(Kind kind, int mode, long size, long modified, long changed, long inode) {
  private static final int PERMISSIONS = 0777;
  private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime,ctime,ino";

  /**
   * File systems stamp with the time of the last tick, the coarsest of them in steps of 2 s, which
   * end in zeros.
   */
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long COARSE = TimeUnit.SECONDS.toNanos(2);

  /** What a name stands for. */
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    OTHER
  }

  /** Of the name itself, not of what it links to. */
  static FileStamp read(Path path) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    int mode = value(attributes, "mode", Integer.class);
    return new FileStamp(
        kind(mode),
        mode & PERMISSIONS,
        value(attributes, "size", Long.class),
        nanos(value(attributes, "lastModifiedTime", FileTime.class)),
        nanos(value(attributes, "ctime", FileTime.class)),
        value(attributes, "ino", Long.class));
  }

  /**
   * Whether the file may be changed after this moment, the one just before it was read, without its
   * stamp showing it.
   */
  boolean isRacyAt(long nanosSince1970) {
    long latest = Math.max(modified, changed);
    boolean coarse = modified % TimeUnit.SECONDS.toNanos(1) == 0;
    return latest >= nanosSince1970 - (coarse ? COARSE : TICK);
  }

  /** Equal but for what reading does not depend on. */
  boolean sameContent(FileStamp other) {
    return kind == other.kind
        && size == other.size
        && modified == other.modified
        && changed == other.changed
        && inode == other.inode;
  }

  private static <T> T value(Map<String, Object> attributes, String name, Class<T> type) {
    return type.cast(Objects.requireNonNull(attributes.get(name), name));
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }

  private static Kind kind(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> Kind.FILE;
      case 0040000 -> Kind.DIRECTORY;
      case 0120000 -> Kind.SYMLINK;
      default -> Kind.OTHER;
    };
  }
}
