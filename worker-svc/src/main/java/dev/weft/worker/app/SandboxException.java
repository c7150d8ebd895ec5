package dev.weft.worker.app;

/** A sandbox could not be made, or not be emptied. */
public final class SandboxException extends Exception {

  private static final long serialVersionUID = 1L;

  public SandboxException(String message) {
    super(message);
  }

  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
