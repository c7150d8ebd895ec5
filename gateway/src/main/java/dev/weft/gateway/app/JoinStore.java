package dev.weft.gateway.app;

import dev.weft.gateway.domain.JoinToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.WorkerIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Keeps join tokens and the worker ids that were made with them. A stage fails with
 * STORE_UNAVAILABLE.
 */
public interface JoinStore {

  CompletionStage<Optional<JoinToken>> find(SecretHash secret);

  CompletionStage<Void> create(JoinToken token, SecretHash secret, AuditEntry entry);

  /**
   * Ends a join token; with {@code workersToo} its workers' certificates are not renewed either.
   * False: no such token.
   */
  CompletionStage<Boolean> revoke(UUID token, boolean workersToo, Instant when, AuditEntry entry);

  /** Binds a new worker id to the join token that made it; repeating it changes nothing. */
  CompletionStage<Void> bind(UUID workerId, UUID joinToken, Instant when);

  CompletionStage<Optional<WorkerIdentity>> worker(UUID workerId);

  /** Lets no certificate of the worker be renewed. False: no such worker. */
  CompletionStage<Boolean> revokeWorker(UUID workerId, Instant when, AuditEntry entry);
}
