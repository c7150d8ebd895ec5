package dev.weft.gateway.store;

import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.TokenStore;
import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.SecretHash;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Bearer tokens in PostgreSQL. */
@ApplicationScoped
class PanacheTokenStore implements TokenStore, PanacheRepositoryBase<AccessTokenRow, UUID> {

  private static final UUID FIRST = new UUID(0, 0);

  private final DetachedSessions sessions;
  private final AuditRows audit;

  PanacheTokenStore(DetachedSessions sessions, AuditRows audit) {
    this.sessions = sessions;
    this.audit = audit;
  }

  @Override
  public CompletionStage<Optional<AccessToken>> find(SecretHash secret) {
    return sessions.read(
        () ->
            find("secretHash", secret.bytes())
                .firstResult()
                .map(row -> Optional.ofNullable(row).map(AccessTokenRow::toToken)));
  }

  @Override
  public CompletionStage<Void> create(AccessToken token, SecretHash secret, AuditEntry entry) {
    return sessions.write(
        () -> persist(new AccessTokenRow(token, secret)).chain(() -> audit.add(entry)));
  }

  @Override
  public CompletionStage<List<AccessToken>> list(String tenant, Optional<UUID> after, int most) {
    return sessions.read(
        () ->
            find("tenant = ?1 and id > ?2 order by id", tenant, after.orElse(FIRST))
                .range(0, most - 1)
                .list()
                .map(rows -> rows.stream().map(AccessTokenRow::toToken).toList()));
  }

  @Override
  public CompletionStage<Boolean> revoke(
      String tenant, UUID token, Instant when, AuditEntry entry) {
    return sessions.write(
        () ->
            find("tenant = ?1 and id = ?2", tenant, token)
                .firstResult()
                .chain(
                    row -> {
                      if (row == null) {
                        return Uni.createFrom().item(false);
                      }
                      if (row.revokeTime == null) {
                        row.revokeTime = when;
                      }
                      return audit.add(entry).replaceWith(true);
                    }));
  }
}
