package dev.weft.gateway.app;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.platform.error.MeshException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Bearer tokens in memory; may be told to be away. */
public final class FakeTokenStore implements TokenStore {

  public final List<AuditEntry> audit = new ArrayList<>();
  public int reads;
  public boolean away;
  private final Map<SecretHash, AccessToken> tokens = new LinkedHashMap<>();

  @Override
  public synchronized CompletionStage<Optional<AccessToken>> find(SecretHash secret) {
    reads++;
    if (away) {
      return CompletableFuture.failedFuture(
          new MeshException(GatewayReason.STORE_UNAVAILABLE, "away"));
    }
    return CompletableFuture.completedFuture(Optional.ofNullable(tokens.get(secret)));
  }

  public synchronized void clear() {
    tokens.clear();
  }

  @Override
  public synchronized CompletionStage<Void> create(
      AccessToken token, SecretHash secret, AuditEntry entry) {
    tokens.put(secret, token);
    audit.add(entry);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<List<AccessToken>> list(
      String tenant, Optional<UUID> after, int most) {
    return CompletableFuture.completedFuture(
        tokens.values().stream()
            .filter(token -> token.tenant().equals(tenant))
            .sorted(Comparator.comparing(token -> token.id().toString()))
            .filter(
                token ->
                    after.isEmpty() || token.id().toString().compareTo(after.get().toString()) > 0)
            .limit(most)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Boolean> revoke(
      String tenant, UUID id, Instant when, AuditEntry entry) {
    for (Map.Entry<SecretHash, AccessToken> known : tokens.entrySet()) {
      AccessToken token = known.getValue();
      if (token.id().equals(id) && token.tenant().equals(tenant)) {
        known.setValue(
            new AccessToken(
                id,
                tenant,
                token.name(),
                token.scopes(),
                token.createTime(),
                token.expireTime(),
                token.revokeTime().or(() -> Optional.of(when))));
        audit.add(entry);
        return CompletableFuture.completedFuture(true);
      }
    }
    return CompletableFuture.completedFuture(false);
  }
}
