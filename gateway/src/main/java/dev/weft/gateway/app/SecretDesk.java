package dev.weft.gateway.app;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.SealedSecret;
import dev.weft.gateway.domain.SecretName;
import dev.weft.platform.error.MeshException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes tenants' secrets and gives their values to nobody but those who run the tasks that name
 * them.
 */
public final class SecretDesk {

  public static final int MOST_BYTES = 64 * 1024;

  private static final int MOST_SECRETS = 1_000;
  private static final int MOST_PAGE = 1_000;
  private static final int USUAL_PAGE = 100;

  private final SecretStore store;
  private final SecretSealer sealer;
  private final InstantSource clock;

  public SecretDesk(SecretStore store, SecretSealer sealer, InstantSource clock) {
    this.store = store;
    this.sealer = sealer;
    this.clock = clock;
  }

  /** A page of secrets and where the next one starts. */
  public record Page(List<SealedSecret> secrets, Optional<String> next) {}

  /** Sets a secret's value; no message names it. */
  public CompletionStage<SealedSecret> put(Actor actor, String name, byte[] value) {
    SecretName.checked(name);
    if (value.length == 0 || value.length > MOST_BYTES) {
      throw InvalidRequest.of("value", value.length + " bytes", "1.." + MOST_BYTES + " bytes");
    }
    for (byte one : value) {
      if (one == 0) {
        throw InvalidRequest.of(
            "value", "with a NUL byte", "what an environment variable can hold");
      }
    }
    String tenant = actor.caller().tenant();
    return store
        .nextVersion()
        .thenCompose(
            version -> {
              Instant now = clock.instant();
              SealedSecret secret =
                  new SealedSecret(
                      tenant,
                      name,
                      version,
                      sealer.seal(value, SealedSecret.context(tenant, name, version)),
                      now,
                      now);
              return store.put(secret, MOST_SECRETS, AuditEntry.by(actor, "secret.put", name));
            });
  }

  public CompletionStage<Page> list(Actor actor, int pageSize, Optional<String> pageToken) {
    if (pageSize < 0 || pageSize > MOST_PAGE) {
      throw InvalidRequest.of("page_size", pageSize, "0.." + MOST_PAGE);
    }
    pageToken.ifPresent(SecretName::checked);
    int most = pageSize == 0 ? USUAL_PAGE : pageSize;
    return store
        .list(actor.caller().tenant(), pageToken.orElse(""), most)
        .thenApply(
            secrets ->
                new Page(
                    secrets,
                    secrets.size() < most
                        ? Optional.empty()
                        : Optional.of(secrets.getLast().name())));
  }

  public CompletionStage<Void> delete(Actor actor, String name) {
    SecretName.checked(name);
    return store
        .delete(actor.caller().tenant(), name, AuditEntry.by(actor, "secret.delete", name))
        .thenAccept(
            known -> {
              if (!known) {
                throw unknown("name", name);
              }
            });
  }

  /** Fails with SECRET_NOT_FOUND unless the tenant has all of them. */
  public CompletionStage<Void> require(String tenant, Set<String> names) {
    if (names.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return store.known(tenant, names).thenAccept(known -> requireAll("spec.secrets", names, known));
  }

  /**
   * The values for a worker that holds a lease; each look is in the audit before it is answered.
   *
   * @param workerId who asks
   * @param source for which attempt
   */
  public CompletionStage<Map<String, byte[]>> reveal(
      String tenant, Set<String> names, String workerId, String source) {
    if (names.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return store
        .reveal(tenant, names, workerId, source)
        .thenApply(
            found -> {
              Map<String, byte[]> values = new HashMap<>();
              for (SealedSecret secret : found) {
                values.put(secret.name(), sealer.open(secret.sealed(), secret.context()));
              }
              requireAll("lease", names, values.keySet());
              return values;
            });
  }

  private static void requireAll(String field, Set<String> names, Set<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw unknown(field, name);
      }
    }
  }

  private static MeshException unknown(String field, String name) {
    return new MeshException(
            GatewayReason.SECRET_NOT_FOUND,
            field + ": " + name + " (expected: a secret of this tenant)")
        .with("name", name);
  }
}
