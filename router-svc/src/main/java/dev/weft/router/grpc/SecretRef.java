package dev.weft.router.grpc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret that a task asks for.
 *
 * @param variable where the command finds it
 * @param secret its name, without secret://
 */
record SecretRef(String variable, String secret) {

  private static final Pattern TEXT =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,254})=secret://([A-Za-z0-9_.-]{1,128})");

  /**
   * The text is not repeated in the failure: who mixes the two up has written a value there.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static SecretRef parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("secrets: malformed (expected: NAME=secret://name)");
    }
    return new SecretRef(matcher.group(1), matcher.group(2));
  }
}
