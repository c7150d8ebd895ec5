package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weft.gateway.app.JoinDesk.Application;
import dev.weft.gateway.app.JoinDesk.Joined;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.security.CaWorkerCertifier;
import dev.weft.gateway.security.PlatformSecretMint;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.error.Reason;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.id.PrefixedId;
import dev.weft.platform.security.CertificateAuthority;
import dev.weft.platform.security.CertificateRequest;
import dev.weft.platform.security.MeshKeys;
import dev.weft.platform.security.MeshSubject;
import dev.weft.platform.security.PemFiles;
import dev.weft.platform.testing.SettableClock;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** With the real CA. */
class JoinDeskTest {

  private static final CertificateAuthority CA =
      CertificateAuthority.create("test", Duration.ofDays(1));
  private static final Actor BOSS =
      new Actor(
          new Caller("acme", "boss", UUID.randomUUID(), Set.of(Scope.MESH_ADMIN), Optional.empty()),
          "127.0.0.1");

  private final SettableClock clock = new SettableClock(Instant.now());
  private final FakeJoinStore store = new FakeJoinStore();
  private final IdGenerator ids = new IdGenerator(0, clock, new Random(1));
  private final CaWorkerCertifier certifier = new CaWorkerCertifier(CA);
  private final JoinDesk desk =
      new JoinDesk(store, new FakeFailureLimiter(3), certifier, ids, clock);
  private final JoinTokenDesk tokens =
      new JoinTokenDesk(store, new PlatformSecretMint(CA), ids, clock);

  @Test
  void aJoinedWorkerHasACertificateInItsOwnName() {
    Joined joined = get(join(newToken().secret(), Optional.empty()));

    X509Certificate certificate =
        PemFiles.certificate(joined.certificate().chain().getFirst().bytes());
    assertThat(MeshSubject.of(certificate)).isEqualTo(new MeshSubject("worker", joined.workerId()));
    assertThat(PemFiles.certificate(joined.certificate().authority().bytes()))
        .isEqualTo(CA.certificate());
    assertThat(Duration.between(clock.instant(), certificate.getNotAfter().toInstant()))
        .isBetween(Duration.ofHours(23), Duration.ofHours(25));
  }

  @Test
  void theJoinTokensTextCarriesTheHashOfTheCa() {
    assertThat(newToken().secret()).startsWith("wfj_").endsWith("." + CA.caHash());
  }

  @Test
  void whoComesBackStaysTheSameWorker() {
    String secret = newToken().secret();
    Joined first = get(join(secret, Optional.empty()));

    Joined again = get(join(secret, Optional.of(first.workerId())));

    assertThat(again.workerId()).isEqualTo(first.workerId());
  }

  @Test
  void anotherTokensWorkerIdIsRefused() {
    Joined first = get(join(newToken().secret(), Optional.empty()));

    assertThat(reason(join(newToken().secret(), Optional.of(first.workerId()))))
        .isEqualTo(GatewayReason.WORKER_ID_FOREIGN);
  }

  @Test
  void nobodyChoosesAnIdOfItsOwn() {
    String made = PrefixedId.format("wkr", UUID.randomUUID());

    assertThat(reason(join(newToken().secret(), Optional.of(made))))
        .isEqualTo(GatewayReason.WORKER_ID_FOREIGN);
  }

  @Test
  void aBadJoinTokenIsRefusedAndThenHeldBack() {
    for (int i = 0; i < 3; i++) {
      assertThat(reason(join("wfj_guess." + CA.caHash(), Optional.empty())))
          .isEqualTo(GatewayReason.JOIN_TOKEN_INVALID);
    }

    assertThat(reason(join("wfj_guess." + CA.caHash(), Optional.empty())))
        .isEqualTo(GatewayReason.TOO_MANY_FAILURES);
  }

  @Test
  void anEndedJoinTokenIsRefused() {
    JoinTokenDesk.Issued shortLived =
        get(tokens.create(BOSS, "t", Optional.of(Duration.ofSeconds(1))));
    JoinTokenDesk.Issued revoked = newToken();
    get(tokens.revoke(BOSS, PrefixedId.format("jtk", revoked.token().id()), false));

    clock.advance(Duration.ofSeconds(1));

    assertThat(reason(join(shortLived.secret(), Optional.empty())))
        .isEqualTo(GatewayReason.JOIN_TOKEN_EXPIRED);
    assertThat(reason(join(revoked.secret(), Optional.empty())))
        .isEqualTo(GatewayReason.JOIN_TOKEN_REVOKED);
  }

  @Test
  void aRevokedWorkerGetsNoNewCertificate() {
    String secret = newToken().secret();
    Joined joined = get(join(secret, Optional.empty()));
    assertThat(get(desk.renew(joined.workerId(), request())).chain()).hasSize(1);

    get(tokens.revokeWorker(BOSS, joined.workerId()));

    assertThat(reason(desk.renew(joined.workerId(), request())))
        .isEqualTo(GatewayReason.WORKER_REVOKED);
    assertThat(reason(join(secret, Optional.of(joined.workerId()))))
        .isEqualTo(GatewayReason.WORKER_REVOKED);
    assertThat(reason(desk.standing(joined.workerId()))).isEqualTo(GatewayReason.WORKER_REVOKED);
  }

  @Test
  void aRequestThatIsNoneIsRefused() {
    byte[] garbage = {1, 2, 3};
    byte[] bent = request().bytes();
    bent[bent.length - 3] ^= 1;
    String secret = newToken().secret();

    for (byte[] csr : new byte[][] {{}, garbage, bent, new byte[10_000]}) {
      assertThat(reason(desk.join(new Application(secret, Optional.empty(), Der.of(csr)), "::1")))
          .isEqualTo(GatewayReason.CSR_INVALID);
    }
  }

  @Test
  void actsAreAudited() {
    JoinTokenDesk.Issued token = newToken();
    String id = PrefixedId.format("jtk", token.token().id());

    get(tokens.revoke(BOSS, id, true));

    assertThat(store.audit)
        .extracting(AuditEntry::action, AuditEntry::target, AuditEntry::principal)
        .containsExactly(
            tuple("join_token.create", id, "boss"),
            tuple("join_token.revoke_with_workers", id, "boss"));
  }

  private JoinTokenDesk.Issued newToken() {
    return get(tokens.create(BOSS, "site", Optional.empty()));
  }

  private CompletionStage<Joined> join(String secret, Optional<String> workerId) {
    return desk.join(new Application(secret, workerId, request()), "10.0.0.1");
  }

  private static Der request() {
    return Der.of(CertificateRequest.create(MeshKeys.generate(), "me"));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Reason reason(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().join();
      throw new AssertionError("not refused");
    } catch (CompletionException e) {
      return ((MeshException) e.getCause()).reason();
    }
  }
}
