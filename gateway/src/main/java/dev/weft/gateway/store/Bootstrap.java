package dev.weft.gateway.store;

import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Lets the first tenant in. Any number of gateways may do it, any number of times; a token revoked
 * since stays so.
 */
@ApplicationScoped
public class Bootstrap {

  private final DetachedSessions sessions;

  Bootstrap(DetachedSessions sessions) {
    this.sessions = sessions;
  }

  /** What to make sure of; secrets as hashes only. */
  public record First(String tenant, Optional<Seed> bearer, Optional<Seed> join) {}

  /** A token to be added unless its secret is known. */
  public record Seed(UUID id, SecretHash secret) {}

  public CompletionStage<Void> apply(First first) {
    return sessions.write(
        () -> Panache.getSession().chain(session -> apply(session, first)).replaceWithVoid());
  }

  private static Uni<Integer> apply(Mutiny.Session session, First first) {
    Uni<Integer> done =
        session
            .createNativeQuery("insert into tenant (id) values (?1) on conflict do nothing")
            .setParameter(1, first.tenant())
            .executeUpdate();
    if (first.bearer().isPresent()) {
      done = done.chain(() -> bearer(session, first.tenant(), first.bearer().get()));
    }
    if (first.join().isPresent()) {
      done = done.chain(() -> join(session, first.join().get()));
    }
    return done;
  }

  private static Uni<Integer> bearer(Mutiny.Session session, String tenant, Seed seed) {
    return session
        .createNativeQuery(
            "insert into access_token (id, tenant, name, secret_hash, scopes, create_time)"
                + " values (?1, ?2, 'bootstrap', ?3, ?4, now()) on conflict (secret_hash)"
                // One of an earlier version has the scopes of that version.
                + " do update set scopes = excluded.scopes"
                + " where access_token.tenant = excluded.tenant"
                + " and access_token.name = excluded.name"
                + " and access_token.scopes <> excluded.scopes")
        .setParameter(1, seed.id())
        .setParameter(2, tenant)
        .setParameter(3, seed.secret().bytes())
        .setParameter(4, AccessTokenRow.words(Set.of(Scope.values())))
        .executeUpdate();
  }

  private static Uni<Integer> join(Mutiny.Session session, Seed seed) {
    return session
        .createNativeQuery(
            "insert into join_token (id, name, secret_hash, create_time)"
                + " values (?1, 'bootstrap', ?2, now()) on conflict do nothing")
        .setParameter(1, seed.id())
        .setParameter(2, seed.secret().bytes())
        .executeUpdate();
  }
}
