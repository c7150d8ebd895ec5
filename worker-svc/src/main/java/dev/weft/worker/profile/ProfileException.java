package dev.weft.worker.profile;

/** The profile file says something that can't be; the message names the key. */
public final class ProfileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ProfileException(String message) {
    super(message);
  }

  ProfileException(String message, Throwable cause) {
    super(message, cause);
  }
}
