package dev.weft.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.AccessToken;
import dev.weft.gateway.domain.Caller;
import dev.weft.gateway.domain.Scope;
import dev.weft.gateway.domain.SecretHash;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.SettableClock;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {

  private static final String SECRET = "wft_the-right-one";
  private static final AuditEntry ENTRY = new AuditEntry("acme", "boss", "x", "y", "z");

  private final SettableClock clock = new SettableClock();
  private final SettableTicker ticker = new SettableTicker();
  private final FakeTokenStore store = new FakeTokenStore();
  private final Authenticator authenticator =
      new Authenticator(
          store,
          new FakeFailureLimiter(3),
          new TokenCache(ticker, Duration.ofSeconds(4), 100),
          clock,
          ticker);
  private final AccessToken token =
      new AccessToken(
          UUID.randomUUID(),
          "acme",
          "ci",
          Set.of(Scope.TASKS_READ),
          clock.instant(),
          Optional.of(clock.instant().plusSeconds(3600)),
          Optional.empty());

  @BeforeEach
  void putToken() {
    store.create(token, SecretHash.of(SECRET), ENTRY);
  }

  @Test
  void aKnownTokenSaysWhoCalls() {
    Caller caller = ask(SECRET).toCompletableFuture().join();

    assertThat(caller)
        .isEqualTo(
            new Caller("acme", "ci", token.id(), Set.of(Scope.TASKS_READ), token.expireTime()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wft_another",
        "",
        "null",
        "undefined",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.",
        "wft_the-right-one ",
        "WFT_THE-RIGHT-ONE",
        "' or 1=1 --"
      })
  void aTokenThatIsPresentAndWrongIsRefusedAfterOneLookUp(String secret) {
    MeshException refusal = failure(ask(secret));

    assertThat(refusal.reason()).isEqualTo(GatewayReason.TOKEN_INVALID);
    assertThat(store.reads).isEqualTo(1);
    if (secret.length() > 4) {
      assertThat(refusal.getMessage()).doesNotContain(secret);
    }
  }

  @Test
  void noTokenCostsNothing() {
    MeshException refusal = failure(authenticator.authenticate(Optional.empty(), "1.2.3.4"));

    assertThat(refusal.reason()).isEqualTo(GatewayReason.TOKEN_MISSING);
    assertThat(store.reads).isZero();
  }

  @Test
  void aKnownTokenIsReadOnceInItsTime() {
    ask(SECRET);
    ticker.advance(Duration.ofMillis(3999));
    ask(SECRET);
    assertThat(store.reads).isEqualTo(1);

    ticker.advance(Duration.ofMillis(1));
    ask(SECRET);

    assertThat(store.reads).isEqualTo(2);
  }

  @Test
  void aRevocationIsFeltWithinFiveSeconds() {
    ask(SECRET);
    store.revoke("acme", token.id(), clock.instant(), ENTRY);

    ticker.advance(Duration.ofSeconds(5));

    assertThat(failure(ask(SECRET)).reason()).isEqualTo(GatewayReason.TOKEN_REVOKED);
    assertThat(failure(authenticator.again(SecretHash.of(SECRET))).reason())
        .isEqualTo(GatewayReason.TOKEN_REVOKED);
  }

  @Test
  void guessesFromTheSameAddressDoNotLockOutWhoHoldsAToken() {
    ask(SECRET);
    for (int i = 0; i < 4; i++) {
      failure(ask("wft_guess-" + i));
    }
    assertThat(failure(ask("wft_guess-5")).reason()).isEqualTo(GatewayReason.TOO_MANY_FAILURES);

    ticker.advance(Duration.ofMinutes(5));

    assertThat(ask(SECRET).toCompletableFuture().join().tenant()).isEqualTo("acme");
  }

  @Test
  void aTokenThatIsGoneIsAGuessLikeAnyOther() {
    ask(SECRET);
    store.clear();
    ticker.advance(Duration.ofMinutes(5));
    for (int i = 0; i < 3; i++) {
      assertThat(failure(ask(SECRET)).reason()).isEqualTo(GatewayReason.TOKEN_INVALID);
    }

    assertThat(failure(ask(SECRET)).reason()).isEqualTo(GatewayReason.TOO_MANY_FAILURES);
  }

  @Test
  void anExpiryIsFeltAtOnceAlsoByAKnownToken() {
    ask(SECRET);

    clock.advance(Duration.ofHours(1));

    assertThat(failure(ask(SECRET)).reason()).isEqualTo(GatewayReason.TOKEN_EXPIRED);
  }

  @Test
  void tooManyFailuresFromOneAddressAreHeldBack() {
    for (int i = 0; i < 3; i++) {
      failure(ask("wft_guess" + i));
    }
    int reads = store.reads;

    MeshException refusal = failure(ask("wft_guess"));

    assertThat(refusal.reason()).isEqualTo(GatewayReason.TOO_MANY_FAILURES);
    assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(store.reads).isEqualTo(reads);
    assertThat(authenticator.authenticate(Optional.of(SECRET), "5.6.7.8").toCompletableFuture())
        .isCompleted();
  }

  @Test
  void whoIsKnownIsNotHeldBackByItsNeighbours() {
    ask(SECRET);
    for (int i = 0; i < 3; i++) {
      failure(ask("wft_guess" + i));
    }

    assertThat(ask(SECRET).toCompletableFuture()).isCompleted();
  }

  @Test
  void withoutItsStoreNobodyNewComesInAndNobodyIsCounted() {
    store.away = true;
    for (int i = 0; i < 5; i++) {
      assertThat(failure(ask(SECRET)).reason()).isEqualTo(GatewayReason.STORE_UNAVAILABLE);
    }
    store.away = false;

    assertThat(ask(SECRET).toCompletableFuture()).isCompleted();
  }

  @Test
  void aScopeThatIsNotThereIsNamed() {
    Caller caller = ask(SECRET).toCompletableFuture().join();

    assertThat(Authenticator.require(caller, Scope.TASKS_READ)).isSameAs(caller);
    assertThatThrownBy(() -> Authenticator.require(caller, Scope.ADMIN))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.metadata()).containsEntry("scope", "admin"));
  }

  private CompletionStage<Caller> ask(String secret) {
    return authenticator.authenticate(Optional.of(secret), "1.2.3.4");
  }

  private static MeshException failure(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    Throwable failure = stage.toCompletableFuture().exceptionNow();
    return (MeshException)
        (failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure);
  }
}
