package dev.weft.platform.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * A token that opens something to whoever has it: a prefix that says what it is for, and 256 random
 * bits. Only its SHA-256 is stored; a slow hash would add nothing to that much randomness.
 */
public final class BearerSecret {

  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BITS = 256;
  private static final int LENGTH = (BITS + 4) / 5;
  private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9]{0,15}");

  private final String prefix;
  private final String text;

  private BearerSecret(String prefix, String text) {
    this.prefix = prefix;
    this.text = text;
  }

  /** Makes a new secret {@code <prefix>_<52 characters>}. */
  public static BearerSecret create(String prefix) {
    requirePrefix(prefix);
    byte[] bits = new byte[BITS / Byte.SIZE];
    new SecureRandom().nextBytes(bits);
    return new BearerSecret(prefix, prefix + "_" + encode(bits));
  }

  /**
   * Takes a text that somebody presents.
   *
   * @throws SecurityFailure if it does not have the form of such a secret; the message does not
   *     quote it
   */
  public static BearerSecret parse(String prefix, String text) {
    requirePrefix(prefix);
    boolean wellFormed =
        text.length() == prefix.length() + 1 + LENGTH
            && text.startsWith(prefix + "_")
            && text.chars().skip(prefix.length() + 1L).allMatch(c -> DIGITS.indexOf(c) >= 0);
    if (!wellFormed) {
      throw new SecurityFailure(
          "token: malformed (expected: " + prefix + "_ and " + LENGTH + " characters)");
    }
    return new BearerSecret(prefix, text);
  }

  /** The secret itself, to be shown once to its owner. */
  public String reveal() {
    return text;
  }

  /** SHA-256 of the whole text, to be stored. */
  public byte[] hash() {
    return Fingerprints.sha256(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether this is the secret with the stored hash; takes the same time for any difference. */
  public boolean matches(byte[] storedHash) {
    return MessageDigest.isEqual(hash(), storedHash);
  }

  private static void requirePrefix(String prefix) {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException("prefix: " + prefix + " (expected: " + PREFIX + ")");
    }
  }

  private static String encode(byte[] bytes) {
    StringBuilder out = new StringBuilder(LENGTH);
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = (buffer << Byte.SIZE) | (b & 0xff);
      bits += Byte.SIZE;
      while (bits >= 5) {
        bits -= 5;
        out.append(DIGITS.charAt((buffer >> bits) & 31));
      }
    }
    if (bits > 0) {
      out.append(DIGITS.charAt((buffer << (5 - bits)) & 31));
    }
    return out.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BearerSecret that && matches(that.hash());
  }

  @Override
  public int hashCode() {
    return prefix.hashCode();
  }

  @Override
  public String toString() {
    return prefix + "_…";
  }
}
