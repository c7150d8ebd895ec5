package dev.weft.gateway.domain;

import java.time.Instant;
import java.util.Optional;

/** Whether a secret still opens the door. */
public enum Standing {
  VALID,
  EXPIRED,
  REVOKED;

  /** Revocation outweighs expiry: it is what an operator did on purpose. */
  public static Standing at(Instant now, Optional<Instant> expiry, Optional<Instant> revocation) {
    if (revocation.isPresent()) {
      return REVOKED;
    }
    return expiry.filter(end -> !end.isAfter(now)).isPresent() ? EXPIRED : VALID;
  }
}
