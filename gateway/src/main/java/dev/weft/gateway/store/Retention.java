package dev.weft.gateway.store;

import io.quarkus.hibernate.reactive.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Drops what nobody needs any more. Gateways may do it at the same time. */
@ApplicationScoped
public class Retention {

  private final DetachedSessions sessions;

  Retention(DetachedSessions sessions) {
    this.sessions = sessions;
  }

  /** Deletes audit entries, and bearer tokens that ended, before the given time. */
  public CompletionStage<Integer> dropBefore(Instant end) {
    return sessions.write(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery("delete from audit where event_time < ?1")
                            .setParameter(1, end)
                            .executeUpdate()
                            .chain(
                                audits ->
                                    session
                                        .createNativeQuery(
                                            "delete from access_token where least(expire_time,"
                                                + " revoke_time) < ?1")
                                        .setParameter(1, end)
                                        .executeUpdate()
                                        .map(tokens -> audits + tokens))));
  }

  /** Deletes tickets that expired before the given time. */
  public CompletionStage<Integer> dropTickets(Instant end) {
    return sessions.write(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery("delete from session_ticket where expire_time < ?1")
                            .setParameter(1, end)
                            .executeUpdate()));
  }
}
