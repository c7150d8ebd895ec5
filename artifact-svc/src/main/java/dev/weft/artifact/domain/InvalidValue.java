package dev.weft.artifact.domain;

/** A value that is not allowed: what, the value and what was expected. */
public final class InvalidValue extends RuntimeException {

  private static final int SHOWN = 100;

  private final String field;
  private final String value;
  private final String expected;

  public InvalidValue(String field, Object value, String expected) {
    super(field + ": " + shown(value) + " (expected: " + expected + ")");
    this.field = field;
    this.value = shown(value);
    this.expected = expected;
  }

  public String field() {
    return field;
  }

  public String value() {
    return value;
  }

  public String expected() {
    return expected;
  }

  /** Hidden characters would break lines of logs; nobody reads a long value. */
  private static String shown(Object value) {
    String text = String.valueOf(value).replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
