package dev.weft.registry.domain.check;

/** A value that is not allowed: which field, what it was, what was expected. */
public final class InvalidFieldException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int LONGEST_SHOWN = 64;

  private final String field;
  private final String value;
  private final String expected;

  public InvalidFieldException(String field, Object value, String expected) {
    super(field + ": " + shown(value) + " (expected: " + expected + ")");
    this.field = field;
    this.value = shown(value);
    this.expected = expected;
  }

  /** The same finding, seen from the value that holds the field. */
  public InvalidFieldException under(String parent) {
    return new InvalidFieldException(parent + "." + field, value, expected);
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

  private static String shown(Object value) {
    String text = String.valueOf(value);
    if (text.isEmpty()) {
      return "empty";
    }
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }
}
