package dev.weft.cli.ignore;

import dev.weft.cli.ignore.GlobToken.AnyByte;
import dev.weft.cli.ignore.GlobToken.Deep;
import dev.weft.cli.ignore.GlobToken.DeepFolders;
import dev.weft.cli.ignore.GlobToken.Literal;
import dev.weft.cli.ignore.GlobToken.OneOf;
import dev.weft.cli.ignore.GlobToken.Star;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Reads a glob from left to right. */
final class GlobParser {
  private static final int END = -1;

  private final byte[] text;
  private int at;
  private final List<GlobToken> tokens = new ArrayList<>();

  /** Only literals so far; git then takes a following double star for a real one. */
  private boolean plain = true;

  private GlobParser(byte[] text) {
    this.text = text;
  }

  /** Empty for a pattern that can't match anything: an open bracket, a backslash at the end. */
  static Optional<List<GlobToken>> parse(byte[] text) {
    GlobParser parser = new GlobParser(text);
    return parser.tokens() ? Optional.of(List.copyOf(parser.tokens)) : Optional.empty();
  }

  private boolean tokens() {
    while (at < text.length) {
      int c = next();
      boolean good =
          switch (c) {
            case '*' -> stars();
            case '?' -> special(new AnyByte());
            case '[' -> bracket();
            case '\\' -> escaped();
            default -> tokens.add(new Literal(c));
          };
      if (!good) {
        return false;
      }
    }
    return true;
  }

  private boolean special(GlobToken token) {
    plain = false;
    return tokens.add(token);
  }

  private boolean escaped() {
    plain = false;
    int c = next();
    return c != END && tokens.add(new Literal(c));
  }

  private boolean stars() {
    int first = at - 1;
    while (peek(0) == '*') {
      at++;
    }
    boolean many = at - first > 1;
    boolean opens = plain || first == 0 || text[first - 1] == '/';
    if (!many || !opens) {
      return special(new Star());
    }
    if (peek(0) == '/') {
      at++;
      return special(new DeepFolders());
    }
    boolean closes = peek(0) == END || (peek(0) == '\\' && peek(1) == '/');
    return special(closes ? new Deep() : new Star());
  }

  /** After the opening bracket. */
  private boolean bracket() {
    boolean negated = peek(0) == '!' || peek(0) == '^';
    if (negated) {
      at++;
    }
    BitSet bytes = new BitSet(256);
    int previous = END; // Where a range may begin.
    boolean first = true;
    while (first || peek(0) != ']') {
      first = false;
      int c = next();
      if (c == END) {
        return false;
      }
      if (c == '-' && previous != END && peek(0) != END && peek(0) != ']') {
        if (!range(previous, bytes)) {
          return false;
        }
        previous = END;
      } else if (c == '[' && peek(0) == ':') {
        Optional<Boolean> named = named(bytes);
        if (named.isEmpty()) {
          return false;
        }
        previous = named.get() ? END : c;
      } else {
        previous = c == '\\' ? next() : c;
        if (previous == END) {
          return false;
        }
        bytes.set(previous);
      }
    }
    at++;
    if (negated) {
      bytes.flip(0, 256);
    }
    bytes.clear('/');
    return special(new OneOf(bytes));
  }

  private boolean range(int from, BitSet bytes) {
    int to = next();
    if (to == '\\') {
      to = next();
    }
    if (to == END) {
      return false;
    }
    if (from <= to) {
      bytes.set(from, to + 1);
    }
    return true;
  }

  /**
   * After {@code [} before a colon: true for a class, false for a plain bracket, empty if broken.
   */
  private Optional<Boolean> named(BitSet bytes) {
    int end = at + 1;
    while (end < text.length && text[end] != ']') {
      end++;
    }
    if (end == text.length) {
      return Optional.empty();
    }
    if (text[end - 1] != ':' || end - 1 <= at) {
      bytes.set('[');
      return Optional.of(false);
    }
    String name = new String(text, at + 1, end - at - 2, StandardCharsets.ISO_8859_1);
    Optional<BitSet> named = ByteClass.named(name);
    named.ifPresent(bytes::or);
    at = end + 1;
    return named.map(_ -> true);
  }

  private int next() {
    int c = peek(0);
    at++;
    return c;
  }

  private int peek(int ahead) {
    return at + ahead < text.length ? text[at + ahead] & 0xff : END;
  }
}
