package dev.weft.gateway.forward;

import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.SecretHash;
import java.time.Duration;

/**
 * One call from outside.
 *
 * @param credential by which the caller is asked for again while a stream is open
 * @param traceparent W3C position of the caller's trace; empty outside one
 * @param patience how long the caller waits
 * @param source the caller's network address
 */
public record Call(
    Caller caller, SecretHash credential, String traceparent, Duration patience, String source) {

  public String tenant() {
    return caller.tenant();
  }
}
