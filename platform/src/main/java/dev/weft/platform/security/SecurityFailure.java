package dev.weft.platform.security;

/**
 * Key material or a sealed text that cannot be used; the message never contains the material
 * itself.
 */
public final class SecurityFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SecurityFailure(String message) {
    super(message);
  }

  public SecurityFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
