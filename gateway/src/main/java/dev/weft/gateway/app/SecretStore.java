package dev.weft.gateway.app;

import dev.weft.gateway.domain.SealedSecret;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Keeps tenants' secrets, sealed. A stage fails with STORE_UNAVAILABLE. */
public interface SecretStore {

  /** A version that no secret has or had. */
  CompletionStage<Long> nextVersion();

  /**
   * Sets a secret and keeps the entry, both or neither; an older version never replaces a newer
   * one.
   *
   * @param most secrets of one tenant
   * @return what is kept now; fails with TOO_MANY_SECRETS for one more than may be
   */
  CompletionStage<SealedSecret> put(SealedSecret secret, int most, AuditEntry entry);

  /** A tenant's secrets of these names, as far as they exist; keeps an entry for each found. */
  CompletionStage<List<SealedSecret>> reveal(
      String tenant, Set<String> names, String principal, String source);

  /** Which of the names exist. */
  CompletionStage<Set<String>> known(String tenant, Set<String> names);

  /** A tenant's secrets by name, after the given one; an empty name is before all. */
  CompletionStage<List<SealedSecret>> list(String tenant, String after, int most);

  /** Deletes a secret and keeps the entry. False: the tenant has no such secret. */
  CompletionStage<Boolean> delete(String tenant, String name, AuditEntry entry);
}
