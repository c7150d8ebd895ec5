package dev.weft.gateway.store;

import dev.weft.gateway.app.TicketStore;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.SessionTicket;
import io.quarkus.hibernate.reactive.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Session tickets in PostgreSQL, where one deletion has one winner. */
@ApplicationScoped
class PgTicketStore implements TicketStore {

  private static final String ADD =
      """
      insert into session_ticket (secret_hash, tenant, agent_id, principal, token_id, viewer,
        expire_time)
      select ?1, ?2, ?3, name, id, ?5, ?6 from access_token where id = ?4
      """;

  /** Begins with `with`, so that its rows are read. */
  private static final String USE =
      """
      with used as (delete from session_ticket where secret_hash = ?1
        returning tenant, agent_id, token_id, viewer, expire_time)
      select used.tenant, used.agent_id, used.token_id, used.viewer, used.expire_time,
        access_token.secret_hash
      from used join access_token on access_token.id = used.token_id
      """;

  private final DetachedSessions sessions;

  PgTicketStore(DetachedSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public CompletionStage<Void> add(SessionTicket ticket, SecretHash secret) {
    return sessions
        .write(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createNativeQuery(ADD)
                                .setParameter(1, secret.bytes())
                                .setParameter(2, ticket.tenant())
                                .setParameter(3, ticket.agentId())
                                .setParameter(4, ticket.tokenId())
                                .setParameter(5, ticket.viewer())
                                .setParameter(6, ticket.expireTime())
                                .executeUpdate()))
        .thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<Optional<Used>> use(SecretHash secret) {
    return sessions
        .write(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createNativeQuery(USE, Object[].class)
                                .setParameter(1, secret.bytes())
                                .getResultList()))
        .thenApply((List<Object[]> rows) -> rows.stream().findFirst().map(PgTicketStore::used));
  }

  private static Used used(Object[] row) {
    return new Used(
        new SessionTicket(
            (String) row[0], (String) row[1], (UUID) row[2], (Boolean) row[3], time(row[4])),
        SecretHash.kept((byte[]) row[5]));
  }

  private static Instant time(Object column) {
    return column instanceof java.time.OffsetDateTime time ? time.toInstant() : (Instant) column;
  }
}
