package dev.weft.gateway.app;

import dev.weft.gateway.domain.SealedSecret;
import dev.weft.platform.error.MeshException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Secrets in memory. */
public final class FakeSecretStore implements SecretStore {

  public final List<AuditEntry> audit = new ArrayList<>();
  private final TreeMap<String, SealedSecret> secrets = new TreeMap<>();
  private long version;

  private static String key(String tenant, String name) {
    return tenant + "/" + name;
  }

  private List<SealedSecret> of(String tenant) {
    return secrets.values().stream().filter(secret -> secret.tenant().equals(tenant)).toList();
  }

  @Override
  public synchronized CompletionStage<Long> nextVersion() {
    return CompletableFuture.completedFuture(++version);
  }

  @Override
  public synchronized CompletionStage<SealedSecret> put(
      SealedSecret secret, int most, AuditEntry entry) {
    SealedSecret known = secrets.get(key(secret.tenant(), secret.name()));
    if (known == null && of(secret.tenant()).size() >= most) {
      return CompletableFuture.failedFuture(
          new MeshException(GatewayReason.TOO_MANY_SECRETS, "secrets: " + most));
    }
    if (known == null) {
      secrets.put(key(secret.tenant(), secret.name()), secret);
    } else if (known.version() < secret.version()) {
      secrets.put(
          key(secret.tenant(), secret.name()),
          new SealedSecret(
              secret.tenant(),
              secret.name(),
              secret.version(),
              secret.sealed(),
              known.createTime(),
              secret.updateTime()));
    }
    audit.add(entry);
    return CompletableFuture.completedFuture(secrets.get(key(secret.tenant(), secret.name())));
  }

  @Override
  public synchronized CompletionStage<List<SealedSecret>> reveal(
      String tenant, Set<String> names, String principal, String source) {
    List<SealedSecret> found =
        of(tenant).stream().filter(secret -> names.contains(secret.name())).toList();
    found.forEach(
        secret ->
            audit.add(new AuditEntry(tenant, principal, "secret.reveal", secret.name(), source)));
    return CompletableFuture.completedFuture(found);
  }

  @Override
  public synchronized CompletionStage<Set<String>> known(String tenant, Set<String> names) {
    Set<String> known = new TreeSet<>(names);
    known.retainAll(of(tenant).stream().map(SealedSecret::name).toList());
    return CompletableFuture.completedFuture(known);
  }

  @Override
  public synchronized CompletionStage<List<SealedSecret>> list(
      String tenant, String after, int most) {
    return CompletableFuture.completedFuture(
        of(tenant).stream()
            .filter(secret -> secret.name().compareTo(after) > 0)
            .limit(most)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Boolean> delete(
      String tenant, String name, AuditEntry entry) {
    boolean known = secrets.remove(key(tenant, name)) != null;
    if (known) {
      audit.add(entry);
    }
    return CompletableFuture.completedFuture(known);
  }
}
