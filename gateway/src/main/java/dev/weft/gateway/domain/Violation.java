package dev.weft.gateway.domain;

/**
 * One field that breaks its contract.
 *
 * @param field path in the request, dots between snake_case names, for example {@code
 *     spec.shell.argv}
 */
public record Violation(String field, String value, String expected) {

  private static final int SHOWN = 64;

  public static Violation of(String field, Object value, String expected) {
    String text = String.valueOf(value);
    StringBuilder shown = new StringBuilder(Math.min(text.length(), SHOWN + 1));
    text.codePoints()
        .limit(SHOWN)
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .forEach(shown::appendCodePoint);
    if (text.codePointCount(0, text.length()) > SHOWN) {
      shown.append('…');
    }
    return new Violation(field, shown.toString(), expected);
  }

  public String message() {
    return field + ": " + value + " (expected: " + expected + ")";
  }
}
