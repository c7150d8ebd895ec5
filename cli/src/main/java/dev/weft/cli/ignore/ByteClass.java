package dev.weft.cli.ignore;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The named classes of ASCII bytes that a bracket may hold, for example {@code [:digit:]}. */
final class ByteClass {
  private static final int ASCII = 128;

  private ByteClass() {}

  /** Empty for a name that is none. */
  static Optional<BitSet> named(String name) {
    return switch (name) {
      case "alnum" -> Optional.of(where(c -> isLetter(c) || isDigit(c)));
      case "alpha" -> Optional.of(where(ByteClass::isLetter));
      case "blank" -> Optional.of(where(c -> c == ' ' || c == '\t'));
      case "cntrl" -> Optional.of(where(c -> c < ' ' || c == 0x7f));
      case "digit" -> Optional.of(where(ByteClass::isDigit));
      case "graph" -> Optional.of(where(c -> c > ' ' && c < 0x7f));
      case "lower" -> Optional.of(where(ByteClass::isLower));
      case "print" -> Optional.of(where(c -> c >= ' ' && c < 0x7f));
      case "punct" -> Optional.of(where(c -> c > ' ' && c < 0x7f && !isLetter(c) && !isDigit(c)));
      case "space" -> Optional.of(where(c -> " \t\n\r".indexOf(c) >= 0));
      case "upper" -> Optional.of(where(ByteClass::isUpper));
      case "xdigit" -> Optional.of(where(ByteClass::isHex));
      default -> Optional.empty();
    };
  }

  private static BitSet where(IntPredicate holds) {
    BitSet bytes = new BitSet(ASCII);
    for (int c = 0; c < ASCII; c++) {
      bytes.set(c, holds.test(c));
    }
    return bytes;
  }

  private static boolean isLetter(int c) {
    return isLower(c) || isUpper(c);
  }

  private static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isUpper(int c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHex(int c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
