package dev.weft.gateway.store;

import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.SecretStore;
import dev.weft.gateway.domain.SealedSecret;
import dev.weft.platform.error.MeshException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Secrets in PostgreSQL. */
@ApplicationScoped
class PanacheSecretStore implements SecretStore, PanacheRepositoryBase<SecretRow, SecretRow.Key> {

  private static final String SET =
      """
      insert into secret as s (tenant, name, version, sealed, create_time, update_time)
      select ?1, ?2, ?3, ?4, ?5, ?5
      where (select count(*) from secret where tenant = ?1 and name <> ?2) < ?6
      on conflict (tenant, name) do update
      set version = excluded.version, sealed = excluded.sealed, update_time = excluded.update_time
      where s.version < excluded.version
      """;

  private final DetachedSessions sessions;
  private final AuditRows audit;

  PanacheSecretStore(DetachedSessions sessions, AuditRows audit) {
    this.sessions = sessions;
    this.audit = audit;
  }

  @Override
  public CompletionStage<Long> nextVersion() {
    return sessions.read(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery("select nextval('secret_version')", Long.class)
                            .getSingleResult()));
  }

  @Override
  public CompletionStage<SealedSecret> put(SealedSecret secret, int most, AuditEntry entry) {
    return sessions
        .write(
            () ->
                set(secret, most)
                    .chain(() -> row(secret.tenant(), secret.name()))
                    .chain(
                        row ->
                            row.isEmpty()
                                ? Uni.createFrom().item(row)
                                : audit.add(entry).replaceWith(row)))
        .thenApply(row -> row.map(SecretRow::toSecret).orElseThrow(() -> tooMany(most)));
  }

  private static Uni<Integer> set(SealedSecret secret, int most) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(SET)
                    .setParameter(1, secret.tenant())
                    .setParameter(2, secret.name())
                    .setParameter(3, secret.version())
                    .setParameter(4, secret.sealed().bytes())
                    .setParameter(5, secret.createTime())
                    .setParameter(6, most)
                    .executeUpdate());
  }

  private Uni<Optional<SecretRow>> row(String tenant, String name) {
    return find("tenant = ?1 and name = ?2", tenant, name).firstResult().map(Optional::ofNullable);
  }

  private static MeshException tooMany(int most) {
    return new MeshException(
            GatewayReason.TOO_MANY_SECRETS, "secrets: " + most + " (expected: fewer)")
        .with("most", most);
  }

  @Override
  public CompletionStage<List<SealedSecret>> reveal(
      String tenant, Set<String> names, String principal, String source) {
    return sessions.write(
        () ->
            named(tenant, names)
                .chain(
                    rows -> {
                      Uni<Void> noted = Uni.createFrom().voidItem();
                      for (SecretRow row : rows) {
                        AuditEntry entry =
                            new AuditEntry(tenant, principal, "secret.reveal", row.name, source);
                        noted = noted.chain(() -> audit.add(entry));
                      }
                      return noted.replaceWith(rows.stream().map(SecretRow::toSecret).toList());
                    }));
  }

  @Override
  public CompletionStage<Set<String>> known(String tenant, Set<String> names) {
    return sessions.read(
        () ->
            named(tenant, names)
                .map(rows -> rows.stream().map(row -> row.name).collect(Collectors.toSet())));
  }

  private Uni<List<SecretRow>> named(String tenant, Set<String> names) {
    return list("tenant = ?1 and name in ?2", tenant, names);
  }

  @Override
  public CompletionStage<List<SealedSecret>> list(String tenant, String after, int most) {
    return sessions.read(
        () ->
            find("tenant = ?1 and name > ?2 order by name", tenant, after)
                .range(0, most - 1)
                .list()
                .map(rows -> rows.stream().map(SecretRow::toSecret).toList()));
  }

  @Override
  public CompletionStage<Boolean> delete(String tenant, String name, AuditEntry entry) {
    return sessions.write(
        () ->
            delete("tenant = ?1 and name = ?2", tenant, name)
                .chain(
                    count ->
                        count == 0
                            ? Uni.createFrom().item(false)
                            : audit.add(entry).replaceWith(true)));
  }
}
