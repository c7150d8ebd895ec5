package dev.weft.cli.tree;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names as the file system has them: bytes, whatever they mean in this process's locale. The JDK
 * keeps the bytes of a name that it has read, but a text of them only as far as the locale goes;
 * the one exact way in and out is a path's URI, which has every byte escaped.
 */
public final class RawNames {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RawNames() {}

  /** The last part of a path that came from the file system. */
  static byte[] name(Path path) {
    String text = String.valueOf(path.getFileName());
    if (isAscii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String raw = rawUri(path);
    return unescape(raw.substring(raw.lastIndexOf('/') + 1));
  }

  /** Where a symbolic link points, as it was read. */
  static byte[] target(Path target) {
    String text = target.toString();
    if (isAscii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    if (target.isAbsolute()) {
      return unescape(rawUri(target));
    }
    return unescape(rawUri(target).substring(rawUri(Path.of("")).length() + 1));
  }

  /** The path below a directory that is named by these bytes, with slashes between its parts. */
  static Path resolve(Path directory, byte[] relative) {
    if (isAscii(relative)) {
      return directory.resolve(new String(relative, StandardCharsets.US_ASCII));
    }
    return Path.of(URI.create("file://" + rawUri(directory) + "/" + escape(relative)));
  }

  /** For a link: the target as a path, relative as it is. */
  static Path relative(byte[] target) {
    if (isAscii(target)) {
      return Path.of(new String(target, StandardCharsets.US_ASCII));
    }
    Path absolute = resolve(Path.of("/"), target);
    return absolute.subpath(0, absolute.getNameCount());
  }

  /** For people: what is not printable, or not UTF-8, is escaped as in C. */
  public static String shown(byte[] path) {
    String text = new String(path, StandardCharsets.UTF_8);
    StringBuilder shown = new StringBuilder();
    boolean exact = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), path);
    if (exact) {
      text.codePoints()
          .forEach(
              c -> {
                if (Character.isISOControl(c) || c == '\\') {
                  shown.append("\\x").append(HEX.toHexDigits((byte) c));
                } else {
                  shown.appendCodePoint(c);
                }
              });
      return shown.toString();
    }
    for (byte b : path) {
      shown.append(
          b > ' ' - 1 && b < 0x7f && b != '\\' ? "" + (char) b : "\\x" + HEX.toHexDigits(b));
    }
    return shown.toString();
  }

  static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** Without the slash that the JDK adds to directories. */
  private static String rawUri(Path path) {
    String raw = path.toUri().getRawPath();
    return raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
  }

  private static byte[] unescape(String raw) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 3);
    for (byte b : bytes) {
      if (b == '/') {
        text.append('/');
      } else {
        text.append('%').append(HEX.toHexDigits(b));
      }
    }
    return text.toString();
  }
}
