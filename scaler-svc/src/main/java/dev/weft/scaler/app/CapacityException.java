package dev.weft.scaler.app;

/** A provider could not do what it was asked for; the message is for people. */
public final class CapacityException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CapacityException(String message) {
    super(message);
  }

  public CapacityException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
