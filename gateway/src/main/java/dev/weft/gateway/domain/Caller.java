package dev.weft.gateway.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who calls, as the server knows it; nothing in it comes from the request but the token.
 *
 * @param principal how the audit names the bearer
 * @param expiry when the token ends by itself
 */
public record Caller(
    String tenant, String principal, UUID tokenId, Set<Scope> scopes, Optional<Instant> expiry) {

  public Caller {
    scopes = Set.copyOf(scopes);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }
}
