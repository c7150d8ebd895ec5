package dev.weft.gateway.app;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.SecretHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Keeps bearer tokens, by the hashes of their secrets. A stage fails with STORE_UNAVAILABLE. */
public interface TokenStore {

  CompletionStage<Optional<AccessToken>> find(SecretHash secret);

  /** Adds a token and its audit entry, both or neither. */
  CompletionStage<Void> create(AccessToken token, SecretHash secret, AuditEntry entry);

  /** A tenant's tokens by id, after the given one; revoked and expired ones too. */
  CompletionStage<List<AccessToken>> list(String tenant, Optional<UUID> after, int most);

  /**
   * Revokes a tenant's token and keeps the entry; a second time changes nothing. False: the tenant
   * has no such token.
   */
  CompletionStage<Boolean> revoke(String tenant, UUID token, Instant when, AuditEntry entry);
}
