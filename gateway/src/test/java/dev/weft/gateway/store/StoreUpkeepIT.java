package dev.weft.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.TokenStore;
import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.store.Bootstrap.First;
import dev.weft.gateway.store.Bootstrap.Seed;
import dev.weft.gateway.testing.InProcessGateway;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(InProcessGateway.class)
class StoreUpkeepIT {

  private static final AuditEntry ENTRY = new AuditEntry("acme", "boss", "x", "y", "::1");

  @Inject Bootstrap bootstrap;
  @Inject TokenStore tokens;
  @Inject AuditLog audit;
  @Inject Retention retention;

  @Test
  void theFirstTenantIsLetInOnceHoweverManyGatewaysDoIt() {
    String tenant = "t-" + UUID.randomUUID();
    SecretHash secret = SecretHash.of("wft_" + UUID.randomUUID());
    List<CompletionStage<Void>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(
          bootstrap.apply(
              new First(
                  tenant, Optional.of(new Seed(UUID.randomUUID(), secret)), Optional.empty())));
    }
    all.forEach(StoreUpkeepIT::join);

    assertThat(join(tokens.list(tenant, Optional.empty(), 10))).hasSize(1);
    assertThat(join(tokens.find(secret)).orElseThrow().scopes())
        .containsExactlyInAnyOrder(Scope.values());
  }

  @Test
  void aBootstrapTokenThatWasRevokedStaysRevoked() {
    String tenant = "t-" + UUID.randomUUID();
    SecretHash secret = SecretHash.of("wft_" + UUID.randomUUID());
    First first =
        new First(tenant, Optional.of(new Seed(UUID.randomUUID(), secret)), Optional.empty());
    join(bootstrap.apply(first));
    UUID id = join(tokens.find(secret)).orElseThrow().id();
    join(tokens.revoke(tenant, id, Instant.now(), ENTRY));

    join(bootstrap.apply(first));

    assertThat(join(tokens.find(secret)).orElseThrow().revokeTime()).isPresent();
  }

  @Test
  void aBootstrapTokenOfAnOlderReleaseGetsTheNewScopesAndNoOtherDoes() {
    String tenant = "t-" + UUID.randomUUID();
    SecretHash first = SecretHash.of("wft_" + UUID.randomUUID());
    SecretHash other = SecretHash.of("wft_" + UUID.randomUUID());
    join(bootstrap.apply(new First(tenant, Optional.empty(), Optional.empty())));
    Set<Scope> old = Set.of(Scope.TASKS_READ, Scope.ADMIN);
    join(tokens.create(token(tenant, "bootstrap", old), first, ENTRY));
    join(tokens.create(token(tenant, "ci", old), other, ENTRY));

    for (SecretHash secret : List.of(first, other)) {
      join(
          bootstrap.apply(
              new First(
                  tenant, Optional.of(new Seed(UUID.randomUUID(), secret)), Optional.empty())));
    }

    assertThat(join(tokens.find(first)).orElseThrow().scopes())
        .containsExactlyInAnyOrder(Scope.values());
    assertThat(join(tokens.find(other)).orElseThrow().scopes()).isEqualTo(old);
  }

  private static AccessToken token(String tenant, String name, Set<Scope> scopes) {
    return new AccessToken(
        UUID.randomUUID(), tenant, name, scopes, Instant.EPOCH, Optional.empty(), Optional.empty());
  }

  @Test
  void whatIsPastItsRetentionIsDroppedAndNothingElse() {
    String tenant = "t-" + UUID.randomUUID();
    join(bootstrap.apply(new First(tenant, Optional.empty(), Optional.empty())));
    Instant longAgo = Instant.now().minus(Duration.ofDays(400));
    SecretHash expired = add(tenant, Optional.of(longAgo), Optional.empty());
    SecretHash revoked = add(tenant, Optional.empty(), Optional.of(longAgo));
    SecretHash live = add(tenant, Optional.of(Instant.now().plusSeconds(60)), Optional.empty());
    SecretHash endless = add(tenant, Optional.empty(), Optional.empty());
    join(audit.append(ENTRY));

    int dropped = join(retention.dropBefore(Instant.now().minus(Duration.ofDays(365))));

    assertThat(dropped).isEqualTo(2);
    assertThat(List.of(expired, revoked)).allMatch(secret -> join(tokens.find(secret)).isEmpty());
    assertThat(List.of(live, endless)).allMatch(secret -> join(tokens.find(secret)).isPresent());
  }

  @Test
  void manyAtOnceShareFewConnections() {
    List<CompletionStage<Optional<AccessToken>>> all =
        IntStream.range(0, 200).mapToObj(i -> tokens.find(SecretHash.of("wft_" + i))).toList();

    assertThat(all).allMatch(found -> join(found).isEmpty());
  }

  private SecretHash add(String tenant, Optional<Instant> expiry, Optional<Instant> revocation) {
    SecretHash secret = SecretHash.of("wft_" + UUID.randomUUID());
    join(
        tokens.create(
            new AccessToken(
                UUID.randomUUID(),
                tenant,
                "t",
                Set.of(Scope.ADMIN),
                Instant.EPOCH,
                expiry,
                revocation),
            secret,
            ENTRY));
    return secret;
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
