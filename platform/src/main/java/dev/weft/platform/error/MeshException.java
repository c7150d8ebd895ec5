package dev.weft.platform.error;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure that the caller is told about: its reason, its text and every variable of the text as
 * metadata. The text says what, the value and what was expected: {@code ttl: -5 (expected: > 0)}.
 * Neither may hold a secret.
 */
public final class MeshException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Reason reason;
  private final transient Map<String, String> metadata = new LinkedHashMap<>();
  private transient @Nullable Duration retryAfter;

  public MeshException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public MeshException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A field with a value that is not allowed: INVALID_FIELD. */
  public static MeshException invalidField(String field, Object value, String expected) {
    return new MeshException(
            CommonReason.INVALID_FIELD, field + ": " + value + " (expected: " + expected + ")")
        .with("field", field)
        .with("value", value)
        .with("expected", expected);
  }

  /** Adds a variable of the message and returns this exception. */
  public MeshException with(String key, Object value) {
    metadata.put(key, String.valueOf(value));
    return this;
  }

  /** Tells the caller when another try makes sense and returns this exception. */
  public MeshException retryAfter(Duration delay) {
    retryAfter = delay;
    return this;
  }

  public Reason reason() {
    return reason;
  }

  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Always present: the constructors demand it. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
