package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.domain.JoinToken;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.WorkerIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every {@link JoinStore} does. */
public abstract class JoinStoreContract {

  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final AuditEntry ENTRY = new AuditEntry("acme", "boss", "x", "y", "::1");

  protected abstract JoinStore store();

  @Test
  void aJoinTokenIsFoundByItsSecretAlone() {
    SecretHash secret = secret();
    JoinToken token = create(secret);

    assertThat(join(store().find(secret))).contains(token);
    assertThat(join(store().find(secret()))).isEmpty();
  }

  @Test
  void aWorkerIdBelongsToItsFirstJoinTokenForEver() {
    JoinToken first = create(secret());
    JoinToken second = create(secret());
    UUID worker = UUID.randomUUID();

    join(store().bind(worker, first.id(), THEN));
    join(store().bind(worker, second.id(), THEN));

    assertThat(join(store().worker(worker)))
        .contains(new WorkerIdentity(worker, first.id(), false));
  }

  @Test
  void aRevokedJoinTokenKeepsItsWorkersUnlessToldOtherwise() {
    SecretHash secret = secret();
    JoinToken token = create(secret);
    UUID worker = UUID.randomUUID();
    join(store().bind(worker, token.id(), THEN));

    boolean known = join(store().revoke(token.id(), false, THEN.plusSeconds(1), ENTRY));

    assertThat(known).isTrue();
    assertThat(join(store().find(secret)).orElseThrow().revokeTime()).contains(THEN.plusSeconds(1));
    assertThat(join(store().worker(worker)).orElseThrow().revoked()).isFalse();
  }

  @Test
  void aJoinTokenCanTakeItsWorkersAlong() {
    JoinToken token = create(secret());
    UUID worker = UUID.randomUUID();
    UUID foreign = UUID.randomUUID();
    join(store().bind(worker, token.id(), THEN));
    join(store().bind(foreign, create(secret()).id(), THEN));

    join(store().revoke(token.id(), true, THEN.plusSeconds(1), ENTRY));

    assertThat(join(store().worker(worker)).orElseThrow().revoked()).isTrue();
    assertThat(join(store().worker(foreign)).orElseThrow().revoked()).isFalse();
  }

  @Test
  void oneWorkerCanBeRevoked() {
    UUID worker = UUID.randomUUID();
    join(store().bind(worker, create(secret()).id(), THEN));

    boolean known = join(store().revokeWorker(worker, THEN, ENTRY));

    assertThat(known).isTrue();
    assertThat(join(store().worker(worker)).orElseThrow().revoked()).isTrue();
  }

  @Test
  void whatIsUnknownIsSaidToBe() {
    assertThat(join(store().revoke(UUID.randomUUID(), true, THEN, ENTRY))).isFalse();
    assertThat(join(store().revokeWorker(UUID.randomUUID(), THEN, ENTRY))).isFalse();
    assertThat(join(store().worker(UUID.randomUUID()))).isEmpty();
  }

  private JoinToken create(SecretHash secret) {
    JoinToken token =
        new JoinToken(UUID.randomUUID(), "site", THEN, Optional.empty(), Optional.empty());
    join(store().create(token, secret, ENTRY));
    return token;
  }

  private static SecretHash secret() {
    return SecretHash.of(UUID.randomUUID().toString());
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
