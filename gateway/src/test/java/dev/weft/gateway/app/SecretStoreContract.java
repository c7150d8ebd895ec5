package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.Sealed;
import dev.weft.gateway.domain.SealedSecret;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every {@link SecretStore} does. */
public abstract class SecretStoreContract {

  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

  protected abstract SecretStore store();

  /** A tenant that exists and has no secrets. */
  protected abstract String newTenant();

  protected abstract List<AuditEntry> auditOf(String tenant);

  @Test
  void aNewValueReplacesTheOldOneAndKeepsItsBirthday() {
    String tenant = newTenant();
    SealedSecret first = put(tenant, "a", THEN);
    SealedSecret second = put(tenant, "a", THEN.plusSeconds(60));

    List<SealedSecret> kept = join(store().list(tenant, "", 10));

    assertThat(kept).hasSize(1);
    assertThat(kept.getFirst().version()).isEqualTo(second.version());
    assertThat(kept.getFirst().version()).isGreaterThan(first.version());
    assertThat(kept.getFirst().sealed()).isEqualTo(second.sealed());
    assertThat(kept.getFirst().createTime()).isEqualTo(THEN);
    assertThat(kept.getFirst().updateTime()).isEqualTo(THEN.plusSeconds(60));
  }

  @Test
  void anOlderValueThatComesLateChangesNothing() {
    String tenant = newTenant();
    long older = join(store().nextVersion());
    SealedSecret newer = put(tenant, "a", THEN);

    SealedSecret kept = join(store().put(secret(tenant, "a", older, THEN), 10, entry(tenant)));

    assertThat(kept.version()).isEqualTo(newer.version());
  }

  @Test
  void aVersionIsNeverUsedAgain() {
    String tenant = newTenant();
    SealedSecret first = put(tenant, "a", THEN);
    join(store().delete(tenant, "a", entry(tenant)));

    SealedSecret second = put(tenant, "a", THEN);

    assertThat(second.version()).isGreaterThan(first.version());
  }

  @Test
  void oneMoreThanMayBeIsRefusedAndLeavesNoEntry() {
    String tenant = newTenant();
    put(tenant, "a", THEN);
    put(tenant, "b", THEN);
    long version = join(store().nextVersion());
    int entries = auditOf(tenant).size();

    assertThatThrownBy(
            () -> join(store().put(secret(tenant, "c", version, THEN), 2, entry(tenant))))
        .hasMessageContaining("secrets: 2");
    join(store().put(secret(tenant, "b", version, THEN), 2, entry(tenant)));

    assertThat(join(store().list(tenant, "", 10)))
        .extracting(SealedSecret::name)
        .containsExactly("a", "b");
    assertThat(auditOf(tenant)).hasSize(entries + 1);
  }

  @Test
  void secretsAreListedInPagesByName() {
    String tenant = newTenant();
    for (String name : List.of("c", "a", "b")) {
      put(tenant, name, THEN);
    }
    put(newTenant(), "d", THEN);

    assertThat(join(store().list(tenant, "", 2)))
        .extracting(SealedSecret::name)
        .containsExactly("a", "b");
    assertThat(join(store().list(tenant, "b", 2)))
        .extracting(SealedSecret::name)
        .containsExactly("c");
  }

  @Test
  void onlyATenantsOwnAreKnownRevealedAndDeleted() {
    String tenant = newTenant();
    String stranger = newTenant();
    put(tenant, "a", THEN);

    assertThat(join(store().known(tenant, Set.of("a", "x")))).containsExactly("a");
    assertThat(join(store().known(stranger, Set.of("a")))).isEmpty();
    assertThat(join(store().reveal(stranger, Set.of("a"), "wkr_1", "tsk_1/1"))).isEmpty();
    assertThat(join(store().delete(stranger, "a", entry(stranger)))).isFalse();
    assertThat(join(store().known(tenant, Set.of("a")))).containsExactly("a");
    assertThat(join(store().delete(tenant, "a", entry(tenant)))).isTrue();
    assertThat(join(store().delete(tenant, "a", entry(tenant)))).isFalse();
  }

  @Test
  void everyLookAtAValueHasItsEntry() {
    String tenant = newTenant();
    put(tenant, "a", THEN);
    put(tenant, "b", THEN);

    List<SealedSecret> found =
        join(store().reveal(tenant, Set.of("a", "b", "x"), "wkr_1", "tsk_1/2"));

    assertThat(found).extracting(SealedSecret::name).containsExactlyInAnyOrder("a", "b");
    assertThat(auditOf(tenant))
        .contains(
            new AuditEntry(tenant, "wkr_1", "secret.reveal", "a", "tsk_1/2"),
            new AuditEntry(tenant, "wkr_1", "secret.reveal", "b", "tsk_1/2"))
        .noneMatch(entry -> entry.target().equals("x"));
  }

  private SealedSecret put(String tenant, String name, Instant when) {
    long version = join(store().nextVersion());
    return join(store().put(secret(tenant, name, version, when), 10, entry(tenant)));
  }

  private static SealedSecret secret(String tenant, String name, long version, Instant when) {
    return new SealedSecret(
        tenant, name, version, Sealed.of(new byte[] {(byte) version, 1, 2}), when, when);
  }

  private static AuditEntry entry(String tenant) {
    return new AuditEntry(tenant, "boss", "secret.put", "a", "::1");
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
