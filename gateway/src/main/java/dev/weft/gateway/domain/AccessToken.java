package dev.weft.gateway.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A bearer token as it is kept: everything but the secret. */
public record AccessToken(
    UUID id,
    String tenant,
    String name,
    Set<Scope> scopes,
    Instant createTime,
    Optional<Instant> expireTime,
    Optional<Instant> revokeTime) {

  public AccessToken {
    scopes = Set.copyOf(scopes);
  }

  public Standing standing(Instant now) {
    return Standing.at(now, expireTime, revokeTime);
  }

  public Caller caller() {
    return new Caller(tenant, name, id, scopes, expireTime);
  }
}
