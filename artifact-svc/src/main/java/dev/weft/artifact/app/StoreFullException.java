package dev.weft.artifact.app;

import java.io.IOException;

/** The blob store has no room. */
public final class StoreFullException extends IOException {

  public StoreFullException(String message) {
    super(message);
  }

  public StoreFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
