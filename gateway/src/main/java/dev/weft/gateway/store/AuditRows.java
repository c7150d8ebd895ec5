package dev.weft.gateway.store;

import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;

/** The audit; entries are only ever added. */
@ApplicationScoped
class AuditRows implements AuditLog, PanacheRepositoryBase<AuditRow, Long> {

  private final DetachedSessions sessions;

  AuditRows(DetachedSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public CompletionStage<Void> append(AuditEntry entry) {
    return sessions.write(() -> add(entry));
  }

  /** Inside the caller's transaction. */
  Uni<Void> add(AuditEntry entry) {
    return persist(new AuditRow(entry)).replaceWithVoid();
  }
}
