package dev.weft.gateway.ws;

import dev.weft.gateway.app.GatewayReason;
import dev.weft.platform.error.MeshException;

/** A text frame that is not JSON of a known shape. */
final class NotUnderstood extends Exception {

  private static final long serialVersionUID = 1L;

  NotUnderstood(String found, String expected) {
    super("message: " + found + " (expected: " + expected + ")");
  }

  /** As the client is told. */
  MeshException problem() {
    return new MeshException(GatewayReason.MALFORMED_MESSAGE, String.valueOf(getMessage()));
  }
}
