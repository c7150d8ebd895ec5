package dev.weft.gateway.app;

import dev.weft.gateway.domain.JoinToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.WorkerIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Join tokens and workers in memory. */
public final class FakeJoinStore implements JoinStore {

  public final List<AuditEntry> audit = new ArrayList<>();
  private final Map<SecretHash, JoinToken> tokens = new HashMap<>();
  private final Map<UUID, WorkerIdentity> workers = new HashMap<>();

  @Override
  public CompletionStage<Optional<JoinToken>> find(SecretHash secret) {
    return CompletableFuture.completedFuture(Optional.ofNullable(tokens.get(secret)));
  }

  @Override
  public CompletionStage<Void> create(JoinToken token, SecretHash secret, AuditEntry entry) {
    tokens.put(secret, token);
    audit.add(entry);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Boolean> revoke(
      UUID id, boolean workersToo, Instant when, AuditEntry entry) {
    for (Map.Entry<SecretHash, JoinToken> known : tokens.entrySet()) {
      JoinToken token = known.getValue();
      if (token.id().equals(id)) {
        known.setValue(
            new JoinToken(
                id,
                token.name(),
                token.createTime(),
                token.expireTime(),
                token.revokeTime().or(() -> Optional.of(when))));
        if (workersToo) {
          workers.replaceAll(
              (worker, identity) ->
                  identity.joinTokenId().equals(id)
                      ? new WorkerIdentity(worker, id, true)
                      : identity);
        }
        audit.add(entry);
        return CompletableFuture.completedFuture(true);
      }
    }
    return CompletableFuture.completedFuture(false);
  }

  @Override
  public CompletionStage<Void> bind(UUID workerId, UUID joinToken, Instant when) {
    workers.putIfAbsent(workerId, new WorkerIdentity(workerId, joinToken, false));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Optional<WorkerIdentity>> worker(UUID workerId) {
    return CompletableFuture.completedFuture(Optional.ofNullable(workers.get(workerId)));
  }

  @Override
  public CompletionStage<Boolean> revokeWorker(UUID workerId, Instant when, AuditEntry entry) {
    WorkerIdentity known = workers.get(workerId);
    if (known == null) {
      return CompletableFuture.completedFuture(false);
    }
    workers.put(workerId, new WorkerIdentity(workerId, known.joinTokenId(), true));
    audit.add(entry);
    return CompletableFuture.completedFuture(true);
  }
}
