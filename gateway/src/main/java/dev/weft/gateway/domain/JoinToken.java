package dev.weft.gateway.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A secret that lets machines join as workers, as it is kept: everything but the secret. */
public record JoinToken(
    UUID id,
    String name,
    Instant createTime,
    Optional<Instant> expireTime,
    Optional<Instant> revokeTime) {

  public Standing standing(Instant now) {
    return Standing.at(now, expireTime, revokeTime);
  }
}
