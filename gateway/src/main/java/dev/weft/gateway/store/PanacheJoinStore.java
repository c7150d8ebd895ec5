package dev.weft.gateway.store;

import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.JoinStore;
import dev.weft.gateway.domain.JoinToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.WorkerIdentity;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Join tokens and worker ids in PostgreSQL. */
@ApplicationScoped
class PanacheJoinStore implements JoinStore, PanacheRepositoryBase<JoinTokenRow, UUID> {

  private final DetachedSessions sessions;
  private final AuditRows audit;

  PanacheJoinStore(DetachedSessions sessions, AuditRows audit) {
    this.sessions = sessions;
    this.audit = audit;
  }

  @Override
  public CompletionStage<Optional<JoinToken>> find(SecretHash secret) {
    return sessions.read(
        () ->
            find("secretHash", secret.bytes())
                .firstResult()
                .map(row -> Optional.ofNullable(row).map(JoinTokenRow::toToken)));
  }

  @Override
  public CompletionStage<Void> create(JoinToken token, SecretHash secret, AuditEntry entry) {
    return sessions.write(
        () -> persist(new JoinTokenRow(token, secret)).chain(() -> audit.add(entry)));
  }

  @Override
  public CompletionStage<Boolean> revoke(
      UUID token, boolean workersToo, Instant when, AuditEntry entry) {
    return sessions.write(
        () ->
            findById(token)
                .chain(
                    row -> {
                      if (row == null) {
                        return Uni.createFrom().item(false);
                      }
                      if (row.revokeTime == null) {
                        row.revokeTime = when;
                      }
                      return revokeWorkers(token, workersToo, when)
                          .chain(() -> audit.add(entry))
                          .replaceWith(true);
                    }));
  }

  private static Uni<Integer> revokeWorkers(UUID token, boolean really, Instant when) {
    if (!really) {
      return Uni.createFrom().item(0);
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createMutationQuery(
                        "update WorkerIdentityRow set revokeTime = ?1"
                            + " where joinToken = ?2 and revokeTime is null")
                    .setParameter(1, when)
                    .setParameter(2, token)
                    .executeUpdate());
  }

  @Override
  public CompletionStage<Void> bind(UUID workerId, UUID joinToken, Instant when) {
    return sessions.write(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(
                                "insert into worker_identity (worker_id, join_token, create_time)"
                                    + " values (?1, ?2, ?3) on conflict do nothing")
                            .setParameter(1, workerId)
                            .setParameter(2, joinToken)
                            .setParameter(3, when)
                            .executeUpdate())
                .replaceWithVoid());
  }

  @Override
  public CompletionStage<Optional<WorkerIdentity>> worker(UUID workerId) {
    return sessions.read(
        () ->
            Panache.getSession()
                .chain(session -> session.find(WorkerIdentityRow.class, workerId))
                .map(row -> Optional.ofNullable(row).map(WorkerIdentityRow::toIdentity)));
  }

  @Override
  public CompletionStage<Boolean> revokeWorker(UUID workerId, Instant when, AuditEntry entry) {
    return sessions.write(
        () ->
            Panache.getSession()
                .chain(session -> session.find(WorkerIdentityRow.class, workerId))
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
