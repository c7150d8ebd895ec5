package dev.weft.platform.id;

import java.util.Arrays;
import java.util.UUID;

/**
 * The text form of an id: a type prefix, an underscore, and 128 bits as 26 digits of lower-case
 * Crockford base32. Sorts like the bits. There is one spelling per id, so that the text can be
 * compared as a key.
 */
public final class PrefixedId {

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int DIGITS = 26;
  private static final byte[] VALUES = values();

  private PrefixedId() {}

  public static String format(String prefix, UUID id) {
    char[] text = new char[prefix.length() + 1 + DIGITS];
    prefix.getChars(0, prefix.length(), text, 0);
    text[prefix.length()] = '_';
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    for (int i = text.length - 1; i > prefix.length(); i--) {
      text[i] = ALPHABET.charAt((int) (low & 31));
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text);
  }

  /**
   * Reads what {@link #format} wrote.
   *
   * @throws IllegalArgumentException naming the value and what was expected
   */
  public static UUID parse(String prefix, String text) {
    int start = prefix.length() + 1;
    if (text.length() != start + DIGITS
        || !text.startsWith(prefix)
        || text.charAt(prefix.length()) != '_'
        || text.charAt(start) > '7') {
      throw malformed(prefix, text);
    }
    long high = 0;
    long low = 0;
    for (int i = start; i < text.length(); i++) {
      char digit = text.charAt(i);
      int value = digit < VALUES.length ? VALUES[digit] : -1;
      if (value < 0) {
        throw malformed(prefix, text);
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | value;
    }
    return new UUID(high, low);
  }

  private static IllegalArgumentException malformed(String prefix, String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
    return new IllegalArgumentException(
        "id: " + shown + " (expected: " + prefix + "_ and 26 digits of 0-9a-z without i, l, o, u)");
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      values[ALPHABET.charAt(i)] = (byte) i;
    }
    return values;
  }
}
