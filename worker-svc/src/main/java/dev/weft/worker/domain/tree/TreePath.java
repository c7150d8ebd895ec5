package dev.weft.worker.domain.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A path inside a tree: the file system's own bytes, whatever they spell. It can't be made so that
 * it leads out: relative, without empty, "." and ".." parts and NUL.
 */
public final class TreePath implements Comparable<TreePath> {

  public static final int MAX_BYTES = 4096;
  private static final int MAX_NAME_BYTES = 255;
  private static final int SHOWN_CHARS = 120;
  private static final byte SLASH = '/';

  private final byte[] bytes;

  private TreePath(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes the array over; the caller must not write to it again. Nothing is repaired, so that
   * nothing can be smuggled past a repair.
   *
   * @throws TreeException unless it stays inside
   */
  public static TreePath of(byte[] bytes) throws TreeException {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw TreeException.invalid(
          bytes, "path of " + bytes.length + " bytes", "1.." + MAX_BYTES + " bytes");
    }
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == SLASH) {
        requireName(bytes, start, i);
        start = i + 1;
      } else if (bytes[i] == 0) {
        throw TreeException.invalid(bytes, "path with a NUL", "none");
      }
    }
    return new TreePath(bytes);
  }

  private static void requireName(byte[] bytes, int from, int to) throws TreeException {
    int length = to - from;
    boolean dots =
        length <= 2 && length > 0 && bytes[from] == '.' && (length == 1 || bytes[from + 1] == '.');
    if (length == 0 || length > MAX_NAME_BYTES || dots) {
      throw TreeException.invalid(
          bytes, "path", "relative, of names of 1..255 bytes that are not '.' or '..'");
    }
  }

  /** A name below this one, as a directory listing gives it. */
  public TreePath child(byte[] name) throws TreeException {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + name.length);
    joined[bytes.length] = SLASH;
    System.arraycopy(name, 0, joined, bytes.length + 1, name.length);
    return of(joined);
  }

  /** Its names from the root on. */
  public List<byte[]> names() {
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == SLASH) {
        names.add(Arrays.copyOfRange(bytes, start, i));
        start = i + 1;
      }
    }
    return names;
  }

  /** Its last name. */
  public byte[] name() {
    return Arrays.copyOfRange(bytes, lastSlash() + 1, bytes.length);
  }

  public boolean topLevel() {
    return lastSlash() < 0;
  }

  /** What holds it; to be asked only of a path that is not at the top. */
  public TreePath parent() {
    return new TreePath(Arrays.copyOf(bytes, lastSlash()));
  }

  /** Whether a directory is on the way to it. */
  public boolean isBelow(TreePath directory) {
    int length = directory.bytes.length;
    return bytes.length > length
        && bytes[length] == SLASH
        && Arrays.mismatch(bytes, directory.bytes) == length;
  }

  /** How many directories it is below the root. */
  public int depth() {
    int depth = 0;
    for (byte each : bytes) {
      depth += each == SLASH ? 1 : 0;
    }
    return depth;
  }

  private int lastSlash() {
    int i = bytes.length - 1;
    while (i >= 0 && bytes[i] != SLASH) {
      i--;
    }
    return i;
  }

  /** The array itself, for reading only. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * As a walk goes that looks at a directory's names in the order of their bytes: a directory comes
   * before what is in it, and all of that before the next name.
   */
  @Override
  public int compareTo(TreePath other) {
    int differs = Arrays.mismatch(bytes, other.bytes);
    if (differs < 0) {
      return 0;
    }
    if (differs >= bytes.length || differs >= other.bytes.length) {
      return Integer.compare(bytes.length, other.bytes.length);
    }
    return Integer.compare(rank(bytes[differs]), rank(other.bytes[differs]));
  }

  private static int rank(byte each) {
    return each == SLASH ? 0 : each & 0xff;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TreePath path && Arrays.equals(bytes, path.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** For people: what is no printable text is escaped, so that a log line stays one. */
  @Override
  public String toString() {
    return shown(bytes);
  }

  static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte each : bytes) {
      if (text.length() >= SHOWN_CHARS) {
        return text.append('…').toString();
      }
      if (each >= ' ' && each < 0x7f && each != '\\') {
        text.append((char) each);
      } else {
        text.append("\\x%02x".formatted(each & 0xff));
      }
    }
    return text.toString();
  }
}
