package dev.weft.worker.app;

import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import java.util.Map;

/** The work asks for something that can't be. */
public final class InvalidWorkException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String field;
  private final String value;
  private final String expected;

  public InvalidWorkException(String field, String value, String expected) {
    super(field + ": " + value + " (expected: " + expected + ")");
    this.field = field;
    this.value = value;
    this.expected = expected;
  }

  public Failure failure() {
    return new Failure(
        FailureReason.INVALID_FIELD,
        String.valueOf(getMessage()),
        Map.of("field", field, "value", value, "expected", expected));
  }
}
