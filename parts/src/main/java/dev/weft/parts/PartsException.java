package dev.weft.parts;

/** A part could not be found, fetched or started; the message says what, and what to do. */
public final class PartsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PartsException(String message) {
    super(message);
  }

  public PartsException(String message, Throwable cause) {
    super(message, cause);
  }
}
