package dev.weft.gateway.app;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.JoinToken;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Makes and revokes join tokens, and takes workers' certificates away. */
public final class JoinTokenDesk {

  public static final String PREFIX = "jtk";

  private final JoinStore store;
  private final SecretMint mint;
  private final IdGenerator ids;
  private final InstantSource clock;

  public JoinTokenDesk(JoinStore store, SecretMint mint, IdGenerator ids, InstantSource clock) {
    this.store = store;
    this.mint = mint;
    this.ids = ids;
    this.clock = clock;
  }

  /** A new join token with its secret, which is shown this once. */
  public record Issued(JoinToken token, String secret) {}

  public CompletionStage<Issued> create(Actor actor, String name, Optional<Duration> lifetime) {
    TokenDesk.checkName(name);
    Instant now = clock.instant();
    JoinToken token =
        new JoinToken(
            ids.next(),
            name,
            now,
            lifetime.map(life -> now.plus(TokenDesk.checkedLife(life))),
            Optional.empty());
    String secret = mint.join();
    AuditEntry entry =
        AuditEntry.by(actor, "join_token.create", PrefixedId.format(PREFIX, token.id()));
    return store
        .create(token, JoinDesk.secretOf(secret), entry)
        .thenApply(_ -> new Issued(token, secret));
  }

  public CompletionStage<Void> revoke(Actor actor, String joinTokenId, boolean workersToo) {
    UUID id = parse("join_token_id", PREFIX, joinTokenId);
    AuditEntry entry =
        AuditEntry.by(
            actor,
            workersToo ? "join_token.revoke_with_workers" : "join_token.revoke",
            joinTokenId);
    return store
        .revoke(id, workersToo, clock.instant(), entry)
        .thenAccept(
            known -> {
              if (!known) {
                throw new MeshException(
                        GatewayReason.JOIN_TOKEN_NOT_FOUND,
                        "join_token_id: " + joinTokenId + " (expected: a known one)")
                    .with("join_token_id", joinTokenId);
              }
            });
  }

  public CompletionStage<Void> revokeWorker(Actor actor, String workerId) {
    UUID id = parse("worker_id", JoinDesk.WORKER_PREFIX, workerId);
    return store
        .revokeWorker(id, clock.instant(), AuditEntry.by(actor, "worker.revoke", workerId))
        .thenAccept(
            known -> {
              if (!known) {
                throw new MeshException(
                        GatewayReason.WORKER_NOT_FOUND,
                        "worker_id: " + workerId + " (expected: a worker that has joined)")
                    .with("worker_id", workerId);
              }
            });
  }

  private static UUID parse(String field, String prefix, String text) {
    try {
      return PrefixedId.parse(prefix, text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(field, text, prefix + "_ and 26 characters");
    }
  }
}
