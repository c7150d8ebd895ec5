package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every {@link TokenStore} does. */
public abstract class TokenStoreContract {

  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final AuditEntry ENTRY =
      new AuditEntry("acme", "boss", "token.create", "tok_x", "127.0.0.1");

  protected abstract TokenStore store();

  /** A tenant that exists and has no tokens. */
  protected abstract String newTenant();

  protected abstract List<AuditEntry> auditOf(String target);

  @Test
  void aTokenIsFoundByItsSecretAlone() {
    AccessToken token = token(newTenant(), Set.of(Scope.TASKS_READ, Scope.ADMIN));
    SecretHash secret = secret();

    join(store().create(token, secret, ENTRY));

    assertThat(join(store().find(secret))).contains(token);
    assertThat(join(store().find(secret()))).isEmpty();
  }

  @Test
  void expiryAndRevocationAreKept() {
    AccessToken plain = token(newTenant(), Set.of(Scope.ADMIN));
    AccessToken ended =
        new AccessToken(
            plain.id(),
            plain.tenant(),
            plain.name(),
            plain.scopes(),
            THEN,
            Optional.of(THEN.plusSeconds(60)),
            Optional.of(THEN.plusSeconds(30)));
    SecretHash secret = secret();

    join(store().create(ended, secret, ENTRY));

    assertThat(join(store().find(secret))).contains(ended);
  }

  @Test
  void aRevocationIsSeenAtOnceAndKeepsItsFirstTime() {
    AccessToken token = token(newTenant(), Set.of(Scope.ADMIN));
    SecretHash secret = secret();
    join(store().create(token, secret, ENTRY));

    boolean first = join(store().revoke(token.tenant(), token.id(), THEN.plusSeconds(1), ENTRY));
    boolean second = join(store().revoke(token.tenant(), token.id(), THEN.plusSeconds(2), ENTRY));

    assertThat(first).isTrue();
    assertThat(second).isTrue();
    assertThat(join(store().find(secret)).orElseThrow().revokeTime()).contains(THEN.plusSeconds(1));
  }

  @Test
  void anotherTenantsTokenCannotBeRevoked() {
    AccessToken token = token(newTenant(), Set.of(Scope.ADMIN));
    SecretHash secret = secret();
    join(store().create(token, secret, ENTRY));

    boolean known = join(store().revoke(newTenant(), token.id(), THEN, ENTRY));

    assertThat(known).isFalse();
    assertThat(join(store().find(secret)).orElseThrow().revokeTime()).isEmpty();
  }

  @Test
  void aTenantsTokensAreListedInPages() {
    String tenant = newTenant();
    for (int i = 0; i < 5; i++) {
      join(store().create(token(tenant, Set.of(Scope.ADMIN)), secret(), ENTRY));
    }
    join(store().create(token(newTenant(), Set.of(Scope.ADMIN)), secret(), ENTRY));

    List<AccessToken> first = join(store().list(tenant, Optional.empty(), 3));
    List<AccessToken> rest = join(store().list(tenant, Optional.of(first.getLast().id()), 3));

    assertThat(first).hasSize(3);
    assertThat(rest).hasSize(2).doesNotContainAnyElementsOf(first);
    assertThat(first).allMatch(token -> token.tenant().equals(tenant));
  }

  @Test
  void everyActHasItsAuditEntry() {
    AccessToken token = token(newTenant(), Set.of(Scope.ADMIN));
    String target = "tok_" + token.id();
    AuditEntry create = new AuditEntry(token.tenant(), "boss", "token.create", target, "::1");
    AuditEntry revoke = new AuditEntry(token.tenant(), "boss", "token.revoke", target, "::1");

    join(store().create(token, secret(), create));
    join(store().revoke(token.tenant(), token.id(), THEN, revoke));

    assertThat(auditOf(target)).containsExactly(create, revoke);
  }

  private static AccessToken token(String tenant, Set<Scope> scopes) {
    return new AccessToken(
        UUID.randomUUID(), tenant, "ci", scopes, THEN, Optional.empty(), Optional.empty());
  }

  private static SecretHash secret() {
    return SecretHash.of(UUID.randomUUID().toString());
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
